import { flagOf, isSecret, type SettingName, settingNames, settings } from './settings.ts'

/** The help text of `serve`: flag, variable, default and meaning of every setting. */
export function serveHelp(): string {
  return [
    'Usage: swarm-autoscaler serve [--flag value]...',
    '',
    'Receives alerts from Alertmanager and scales the Docker Swarm services that opted in with their labels.',
    'A flag wins over its environment variable.',
    'OTEL_EXPORTER_OTLP_ENDPOINT turns traces on; docs/tracing.md lists the variables of OpenTelemetry that apply.',
    '',
    ...settingNames.flatMap(settingHelp),
    '  --help',
    '      this text',
  ].join('\n')
}

function settingHelp(name: SettingName): readonly string[] {
  const { help, default: text } = settings[name]
  const names = isSecret(name)
    ? `  ${name}, or ${name}_FILE with the path of a file`
    : `  --${flagOf(name)}, ${name}`
  return [names, `      ${help} (default: ${text === '' ? 'none' : text})`]
}
