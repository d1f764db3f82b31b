/** What the API answers: schema, type and description of each answer are one and the same thing. */
export { Problem } from './schemas/common.ts'
export { CostAnswer } from './schemas/cost.ts'
export { Event, EventsAnswer } from './schemas/event.ts'
export { Service, ServiceDetail, ServicesAnswer } from './schemas/service.ts'
export { StatusAnswer } from './schemas/status.ts'
