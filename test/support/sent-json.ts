import request from 'supertest'
import { aMessage, anAlert } from './fakes/alertmanager-message.ts'
import { anApp } from './fakes/an-app.ts'

/** A message of one alert, whose labels or annotations have this JSON in them as well. */
export function withMore(part: 'labels' | 'annotations', json: string): string {
  const message = JSON.stringify(aMessage(anAlert({ replicas: '7' })))
  return message.replace(`"${part}":{`, `"${part}":{${json},`)
}

/** What comes of this body. */
export async function sent(json: string, world = anApp()) {
  const made = await world
  const response = await request(made.app).post('/webhook').set('Content-Type', 'application/json').send(json)
  return { ...made, response, results: response.body.results as { reason: string }[] | undefined }
}
