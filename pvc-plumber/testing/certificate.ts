import { createSign, generateKeyPairSync } from 'node:crypto';

/**
 * A self-signed certificate for 127.0.0.1, made anew in each run so that no private key lies in the repository. Node has no function for
 * it; this is the little DER that one certificate needs (RFC 5280, ecdsa-with-SHA256).
 */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
  const name = sequence(tag(0x31, sequence(Buffer.from('0603550403', 'hex'), tag(0x0c, Buffer.from('fake s3')))));
  const validity = sequence(time(-3600_000), time(24 * 3600_000));
  const altName = sequence(Buffer.from('0603551d11', 'hex'), tag(0x04, sequence(tag(0x87, Buffer.from([127, 0, 0, 1])))));
  const authority = sequence(Buffer.from('0603551d13', 'hex'), tag(0x04, sequence(Buffer.from('0101ff', 'hex'))));
  const body = sequence(
    tag(0xa0, Buffer.from('020102', 'hex')),
    Buffer.from('020101', 'hex'),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tag(0xa3, sequence(altName, authority)),
  );
  const signature = createSign('SHA256').update(body).sign(privateKey);
  const der = sequence(body, algorithm, tag(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function tag(type: number, ...content: readonly Buffer[]): Buffer {
  const value = Buffer.concat(content);
  const length = value.length < 128 ? [value.length] : value.length < 256 ? [0x81, value.length] : [0x82, value.length >> 8, value.length & 255];
  return Buffer.concat([Buffer.from([type, ...length]), value]);
}

function sequence(...content: readonly Buffer[]): Buffer {
  return tag(0x30, ...content);
}

/** UTCTime, `offset` milliseconds from now. */
function time(offset: number): Buffer {
  const text = new Date(Date.now() + offset).toISOString().replace(/[-:T]|\.\d+/g, '');
  return tag(0x17, Buffer.from(`${text.slice(2, 14)}Z`));
}
