import { z } from 'zod'
import { costExample, eventsExample } from './examples/history.ts'
import { serviceExample, servicesExample } from './examples/services.ts'
import { statusExample } from './examples/status.ts'
import { CostQuery, EventsQuery, NoQuery } from './parameters.ts'
import { CostAnswer, EventsAnswer, ServiceDetail, ServicesAnswer, StatusAnswer } from './schemas.ts'

/** One route of the API's description. */
export interface Route {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  /** Parameters of the path. Default: none. */
  readonly path?: z.ZodObject
  readonly query: z.ZodObject
  readonly answer: z.ZodType
  readonly example?: unknown
  /** Whether the answer is available as CSV, page by page. Default false. */
  readonly isTable?: true
  /** Whether the name in the path may be unknown. Default false. */
  readonly isNamed?: true
}

/** Every route of the API, by its path. */
export const routes: Readonly<Record<string, Route>> = {
  '/api/v1/services': {
    operationId: 'listServices',
    summary: 'Status of all services',
    description:
      'Policy, replicas, active alerts, and the current decision with its reason, for every service with autoscaler labels.',
    query: NoQuery,
    answer: ServicesAnswer,
    example: servicesExample,
  },
  '/api/v1/services/{name}': {
    operationId: 'showService',
    summary: 'Status of one service, and its next possible change',
    description: 'The same for one service, and what the next alert in each direction would change.',
    path: z.object({ name: z.string().describe('Exact name or exact ID of the service.') }),
    query: NoQuery,
    answer: ServiceDetail,
    example: serviceExample,
    isNamed: true,
  },
  '/api/v1/events': {
    operationId: 'listEvents',
    summary: 'History of events, newest first',
    description:
      'Changes, holds and rejections. Pages stay stable while new events arrive. To follow the history, use `after`.',
    query: EventsQuery,
    answer: EventsAnswer,
    example: eventsExample,
    isTable: true,
  },
  '/api/v1/cost': {
    operationId: 'showCost',
    summary: 'Cost of the services, and savings',
    description:
      'Replica-hours, average, peak, cost, and savings compared with a fixed size. Default: the last 24 hours.',
    query: CostQuery,
    answer: CostAnswer,
    example: costExample,
  },
  '/api/v1/status': {
    operationId: 'showStatus',
    summary: 'Status of the autoscaler itself',
    description: 'Docker, the history, and the last webhook from Alertmanager.',
    query: NoQuery,
    answer: StatusAnswer,
    example: statusExample,
  },
  '/api/v1/openapi.json': {
    operationId: 'showDescription',
    summary: 'This description',
    description: 'The API as an OpenAPI 3.1 document.',
    query: NoQuery,
    answer: z.looseObject({}).meta({ id: 'Description', description: 'A document of OpenAPI 3.1.' }),
  },
}
