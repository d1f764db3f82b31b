import { expect, it } from 'vitest'
import { faultsInFileLabels, mergeLabels } from './file-labels.ts'

it('the own labels of a service win, key by key, and labels of others stay', () => {
  const own = { 'autoscaler.max': '3', 'autoscaler.schedule.day.min': '2', team: 'shop' }
  const beneath = { max: '9', min: '2', 'schedule.day.start': '0 8 * * *', 'schedule.day.min': '1' }
  expect(mergeLabels(own, beneath)).toEqual({
    'autoscaler.max': '3',
    'autoscaler.min': '2',
    'autoscaler.schedule.day.start': '0 8 * * *',
    'autoscaler.schedule.day.min': '2',
    team: 'shop',
  })
})

it.each([
  [{}, []],
  [{ min: '500', 'target.memory': '80%' }, []],
  [{ min: '5', max: '3' }, ['min']],
  [{ enable: 'false', max: 'x', cost: 'y' }, ['max', 'cost']],
  [{ enable: 'maybe' }, ['enable']],
])('the faults of %j are at %j', (labels, keys) => {
  expect(faultsInFileLabels(labels).map(({ key }) => key)).toEqual(keys)
})
