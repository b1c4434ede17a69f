import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasPromtool } from '../promtool.ts';
import { hasAlertmanager } from './monitoring-stack.ts';

const monitoring = path.join(import.meta.dirname, '../../monitoring');
const ruleTests = path.join(import.meta.dirname, 'rules-test.yml');
const read = (name: string) => readFileSync(path.join(monitoring, name), 'utf8');
const alerts = [...read('rules/alerts.yml').matchAll(/- alert: (\w+)/g)].map(([, name]) => name);

function run(program: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: monitoring, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe.skipIf(!hasPromtool)('promtool', () => {
  it('accepts the configuration of Prometheus and the rules that it loads', () => {
    const { status, output } = run('promtool', 'check', 'config', 'prometheus.yml');
    expect(status, output).toBe(0);
    expect(output).toContain(`${readdirSync(path.join(monitoring, 'rules')).length} rule files found`);
    expect(output).not.toContain('WARNING');
  });

  it('finds nothing to say about the rules', () => {
    const { status, output } = run(
      'promtool',
      'check',
      'rules',
      '--lint-fatal',
      'rules/alerts.yml',
      'rules/recording.yml',
    );
    expect(status, output).toBe(0);
  });

  it('sees alerts fire when they must, and only then', () => {
    const { status, output } = run('promtool', 'test', 'rules', ruleTests);
    expect(status, output).toBe(0);
  });
});

describe.skipIf(!hasAlertmanager)('amtool', () => {
  it('accepts the configuration of the Alertmanager', () => {
    const { status, output } = run('amtool', 'check-config', 'alertmanager.yml');
    expect(status, output).toBe(0);
  });
});

describe('the alerts', () => {
  const fired = readFileSync(ruleTests, 'utf8').matchAll(
    /alertname: (\w+)\n\s+eval_time: \S+\n\s+exp_alerts:\n/g,
  );

  it('have a test each in which they fire', () => {
    expect(alerts.length).toBeGreaterThan(0);
    expect(new Set([...fired].map(([, name]) => name))).toEqual(new Set(alerts));
  });

  it('say how bad it is, what is wrong and what to do', () => {
    for (const alert of read('rules/alerts.yml')
      .split(/^ {6}- alert: /m)
      .slice(1)) {
      expect(alert).toMatch(/severity: (critical|warning)/);
      expect(alert).toMatch(/summary: \S/);
      expect(alert).toMatch(/description: \S/);
    }
  });
});
