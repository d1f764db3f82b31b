import type { Mutations } from '../mutated-rules.ts'

/** Of forecast.yml. */
export const forecastMutations: Mutations = {
  'forecast.yml history': [
    ['"forecast|memory"', '"forecast"', '"memory"'],
    ['[55s]', '[5m]'],
    ['max by (service) (\n            avg', 'min by (service) (\n            avg'],
  ],
  'forecast-usual.yml the median': [
    [
      '            0.5,\n            label_replace(swarm_autoscaler:replicas_needed:avg1m offset 23h',
      '            0.6,\n            label_replace(swarm_autoscaler:replicas_needed:avg1m offset 23h',
    ],
    [
      '            0.5,\n            label_replace(swarm_autoscaler:replicas_needed:avg1m offset 167h',
      '            0.9,\n            label_replace(swarm_autoscaler:replicas_needed:avg1m offset 167h',
    ],
    ['offset 23h,', 'offset 160h,'],
    ['offset 47h,', 'offset 160h,'],
    ['offset 71h,', 'offset 160h,'],
    ['offset 95h,', 'offset 24h,'],
    ['offset 119h,', 'offset 24h,'],
    ['offset 143h,', 'offset 24h,'],
    ['offset 335h,', 'offset 24h,'],
    ['offset 503h,', 'offset 24h,'],
    ['offset 671h,', 'offset 24h,'],
    ['seconds{period="daily"}', 'seconds{period!=""}'],
    ['and on (service)\n          swarm_autoscaler_service_forecast_look_ahead_seconds{period="weekly"}', ''],
  ],
  'forecast-usual.yml an odd day': [
    [
      'quantile by (service) (\n            0.5,\n            label_replace(swarm_autoscaler:replicas_needed:avg1m offset 23h',
      'quantile by (service) (\n            1,\n            label_replace(swarm_autoscaler:replicas_needed:avg1m offset 23h',
    ],
  ],
  'forecast.yml corrected': [
    ['vector(0.5)', 'vector(0.4)'],
    ['vector(2)', 'vector(2.5)'],
    ['vector(1)', 'vector(0)'],
  ],
  'forecast.yml half of the last hour': [
    [
      'compared_replicas{of="today"}[59m30s])\n              +',
      'compared_replicas{of="today"}[30m])\n              +',
    ],
  ],
  'forecast.yml a gap': [
    ['{of="usual"}[59m30s]', '{of="usual"}[9m30s]'],
    ['vector(30)', 'vector(29)', 'vector(31)'],
    [
      'swarm_autoscaler:replicas_needed:avg1m\n          and on (service)\n          swarm_autoscaler:replicas_needed:usual_in1h offset 1h\n',
      'swarm_autoscaler:replicas_needed:avg1m\n',
    ],
  ],
  'forecast.yml nothing measured': [
    [
      '          and on (service)\n          swarm_autoscaler:replicas_needed:avg1m\n\n      # The maximum',
      '\n      # The maximum',
    ],
  ],
  'forecast.yml what is usual counts': [
    ['[4m30s] offset 55m', '[4m30s]'],
    ['[9m30s] offset 50m', '[9m30s]'],
    ['[19m30s] offset 40m', '[19m30s]'],
    ['[29m30s] offset 30m', '[29m30s]'],
    ['usual_in1h[59m30s])', 'usual_in1h[58m30s])'],
    ['forecast_replicas offset 5m\n', 'forecast_replicas\n'],
    ['forecast_replicas offset 10m\n', 'forecast_replicas\n'],
    ['forecast_replicas offset 20m\n', 'forecast_replicas\n'],
    ['forecast_replicas offset 30m\n', 'forecast_replicas\n'],
    ['forecast_replicas offset 1h\n', 'forecast_replicas\n'],
    ['avg1m[4m30s])', 'avg1m[1m30s])'],
    ['avg1m[9m30s])', 'avg1m[1m30s])'],
    ['avg1m[19m30s])', 'avg1m[1m30s])'],
    ['avg1m[29m30s])', 'avg1m[1m30s])'],
    ['avg1m[59m30s])', 'avg1m[1m30s])'],
  ],
  'forecast-errors.yml switched off': [
    ['vector(60)', 'vector(61)', 'vector(59)'],
    ['vector(0.4)', 'vector(0.41)', 'vector(0.39)'],
    ['vector(0.3)', 'vector(0.31)', 'vector(0.29)'],
    ['and on (service)\n            swarm_autoscaler:forecast_switched_off\n', ''],
    ['unless on (service)\n          swarm_autoscaler:forecast_switched_off', ''],
    ['abs(swarm', '(swarm'],
    [
      'sum_over_time(swarm_autoscaler:forecast_miss_replicas[23h59m30s])',
      'sum_over_time(swarm_autoscaler:forecast_miss_replicas[2h])',
    ],
  ],
  'forecast-errors.yml nothing usual': [['>= 0\n', '\n']],
  'forecast.yml a day and half an hour': [
    ['{mode="act"}', ''],
    ['and on (service)\n          swarm_autoscaler:forecast_error_ratio\n', ''],
  ],
  'forecast.yml two receivers': [
    [
      'swarm_autoscaler_service_forecast_look_ahead_seconds{mode="act"}',
      'swarm_autoscaler_service_forecast_look_ahead_seconds{mode="act",instance!="r1"}',
    ],
  ],
}
