import { z } from 'zod'
import { costExample, eventsExample } from './examples/history.ts'
import { serviceExample, servicesExample } from './examples/services.ts'
import { statusExample } from './examples/status.ts'
import { CostQuery, EventsQuery, NoQuery } from './parameters.ts'
import { CostAnswer, EventsAnswer, ServiceDetail, ServicesAnswer, StatusAnswer } from './schemas.ts'

/** One route as it is described. */
export interface Route {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  /** Parameters of the path. Default: none. */
  readonly path?: z.ZodObject
  readonly query: z.ZodObject
  readonly answer: z.ZodType
  readonly example?: unknown
  /** Whether it can be given as CSV, page by page. Default false. */
  readonly isTable?: true
  /** Whether there may be nothing of that name. Default false. */
  readonly isNamed?: true
}

/** Every route of the API, by its path. */
export const routes: Readonly<Record<string, Route>> = {
  '/api/v1/services': {
    operationId: 'listServices',
    summary: 'How every service stands',
    description:
      'Policy, replicas, standing alerts, the decision and why, of every service that speaks of the autoscaler.',
    query: NoQuery,
    answer: ServicesAnswer,
    example: servicesExample,
  },
  '/api/v1/services/{name}': {
    operationId: 'showService',
    summary: 'How one service stands, and what would come next',
    description: 'The same of one service, and what the next alert of each direction would come to.',
    path: z.object({ name: z.string().describe('Exact name of the service, else its exact ID.') }),
    query: NoQuery,
    answer: ServiceDetail,
    example: serviceExample,
    isNamed: true,
  },
  '/api/v1/events': {
    operationId: 'listEvents',
    summary: 'What happened, the newest first',
    description:
      'The history of changes, holds and refusals. Pages stay as they are while new events come in. To follow, ask with `after`.',
    query: EventsQuery,
    answer: EventsAnswer,
    example: eventsExample,
    isTable: true,
  },
  '/api/v1/cost': {
    operationId: 'showCost',
    summary: 'What the services cost, and would have cost',
    description:
      'Replica-hours, average, peak, cost, and savings against a fixed size. By default of the last 24 hours.',
    query: CostQuery,
    answer: CostAnswer,
    example: costExample,
  },
  '/api/v1/status': {
    operationId: 'showStatus',
    summary: 'How the autoscaler itself is',
    description: 'Docker, the history, and what was received from Alertmanager last.',
    query: NoQuery,
    answer: StatusAnswer,
    example: statusExample,
  },
  '/api/v1/openapi.json': {
    operationId: 'showDescription',
    summary: 'This description',
    description: 'The API as OpenAPI 3.1 has it.',
    query: NoQuery,
    answer: z.looseObject({}).meta({ id: 'Description', description: 'A document of OpenAPI 3.1.' }),
  },
}
