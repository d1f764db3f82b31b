import { flagOf, isSecret, type SettingName, settingNames, settings } from './settings.ts'

/** The help text of `serve`: every setting with its flag, variable, default and meaning. */
export function serveHelp(): string {
  return [
    'Usage: swarm-autoscaler serve [--flag value]...',
    '',
    'Receives alerts from Alertmanager and scales the Docker Swarm services that opted in with their labels.',
    'A flag wins over its environment variable.',
    'OTEL_EXPORTER_OTLP_ENDPOINT has it send traces, by the standard variables of OpenTelemetry; docs/tracing.md says which.',
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
