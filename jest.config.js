/** @type {import('jest').Config} */
module.exports = {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }] },
  // Each file loads cdk8s anew (0.1 s), so there are few of them; two workers fit the smallest machine that runs them.
  maxWorkers: 2,
};
