import { isLabelValue } from './kubernetes-name';
import { followRule, maxRuleNameLength, sourceRule } from './policy-names';
import { InputError } from './problems';
import { CronSchedule } from './schedule';

/** How many snapshots of each kind Kopia keeps. Kinds that are not named are kept zero times: Kopia's own defaults would add to the table. */
export interface Retention {
  readonly hourly?: number;
  readonly daily?: number;
  readonly weekly?: number;
  readonly monthly?: number;
  readonly yearly?: number;
  /** The newest snapshots, however close together. */
  readonly latest?: number;
}

/** A value of the label `backup` and what it promises, as a site writes it. */
export interface Tier {
  /** Label value, for example `hourly`. */
  readonly label: string;
  /** Cron schedule, see `scheduleProblem`. */
  readonly schedule: string;
  readonly retention: Retention;
}

/** Longest label of a tier: the names of the policies' rules are made from it. */
export const maxTierLabelLength = maxRuleNameLength - followRule(sourceRule('')).length;

/** Says what is wrong with the label of a tier, or undefined. */
export function tierLabelProblem(label: string): string | undefined {
  const shown = JSON.stringify(label);
  if (label === '' || !isLabelValue(label)) {
    return `${shown} is not a label value: 1 to ${maxTierLabelLength} letters, digits, dashes, dots and underscores, no spaces`;
  }
  return label.length > maxTierLabelLength
    ? `${shown} is too long: at most ${maxTierLabelLength} characters, Kubernetes refuses the rule "${followRule(sourceRule('…'))}" above ${maxRuleNameLength}`
    : undefined;
}

/** Value of the label `backup`, which names of rules are made from. */
export class TierLabel {
  /** @throws InputError that names the value and the fix */
  static of(label: string): TierLabel {
    const problem = tierLabelProblem(label);
    if (problem !== undefined) throw new InputError(problem);
    return new TierLabel(label);
  }

  private constructor(private readonly text: string) {}

  /** Name of the rule that makes the ReplicationSource of this tier. */
  get sourceRule(): string {
    return sourceRule(this.text);
  }

  toString(): string {
    return this.text;
  }
}

/** The most that a tier waits for, however long its period is, in seconds. */
const longestPatience = 6 * 3600;

/** A tier whose values are checked, with what it does not say filled in. */
export class BackupTier {
  /** @throws InputError for a label or a schedule that can't be used */
  static of({ label, schedule, retention }: Tier): BackupTier {
    return new BackupTier(TierLabel.of(label), CronSchedule.of(schedule), completeRetention(retention));
  }

  private constructor(
    readonly label: TierLabel,
    readonly schedule: CronSchedule,
    /** All six numbers. */
    readonly retention: Required<Retention>,
  ) {}

  /** How long a backup may take, and how late it may be, before somebody is told, in seconds: the longest step of the schedule, at most six hours. */
  get patienceSeconds(): number {
    return Math.min(this.schedule.longestGapSeconds, longestPatience);
  }
}

/** All six numbers. VolSync passes each to `kopia policy set`; one that is missing would inherit Kopia's default (latest 10, annual 3, ...). */
export function completeRetention(retention: Retention): Required<Retention> {
  const { hourly = 0, daily = 0, weekly = 0, monthly = 0, yearly = 0, latest = 0 } = retention;
  return { hourly, daily, weekly, monthly, yearly, latest };
}
