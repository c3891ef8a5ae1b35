import { pauseSchedule, readSchedules } from '../../flows/schedules'
import { route } from '../route'

/** Pausing and resuming differ in one word. */
const pausing = (verb: 'pause' | 'resume', summary: string) =>
  route({
    method: 'POST',
    path: `/flows/:id/schedules/:node/${verb}`,
    summary,
    role: 'user',
    answers: { 200: 'The schedule, as in the list.' },
    async handle({ app, caller, params }) {
      const { id: flow = '', node = '' } = params
      await pauseSchedule(app, caller, { flow, node, paused: verb === 'pause' })
      const schedules = await readSchedules(app, caller, flow)
      return Response.json(schedules.find((schedule) => schedule.node === node))
    },
  })

export const scheduleRoutes = [
  route({
    method: 'GET',
    path: '/flows/:id/schedules',
    summary: 'The schedules of the live version, and when each is due next.',
    role: 'guest',
    answers: { 200: '`{items: [{node, cron, timezone, catchUp, paused, nextAt, lastAt}], cursor: null}`' },
    async handle({ app, caller, params }) {
      const items = await readSchedules(app, caller, params.id ?? '')
      return Response.json({ items, cursor: null })
    },
  }),
  pausing('pause', 'Stops a schedule, over new versions too, until it is resumed.'),
  pausing('resume', 'Lets a schedule go on; what fell due meanwhile is not made up for.'),
]
