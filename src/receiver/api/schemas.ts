/** What the API answers. Each answer has its schema, type and description in one place. */
export { Problem } from './schemas/common.ts'
export { CostAnswer } from './schemas/cost.ts'
export { Event, EventsAnswer } from './schemas/event.ts'
export { Service, ServiceDetail, ServicesAnswer } from './schemas/service.ts'
export { StatusAnswer } from './schemas/status.ts'
