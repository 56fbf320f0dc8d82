import { synth } from '../../lib';
import { homelab } from './site';

synth(homelab);
