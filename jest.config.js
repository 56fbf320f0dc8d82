const typescript = ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }];

/** @type {import('jest').Config} */
module.exports = {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // The CEL evaluator is there as an ES module only.
  transform: { '^.+\\.ts$': typescript, 'node_modules/@marcbachmann/cel-js/.+\\.js$': typescript },
  transformIgnorePatterns: ['/node_modules/(?!@marcbachmann/cel-js/)'],
  // Each file loads cdk8s anew (0.1 s), so there are few of them; two workers fit the smallest machine that runs them.
  maxWorkers: 2,
};
