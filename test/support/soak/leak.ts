/**
 * Loaded into the receiver before its own program, it has it leak memory and timers with each request: to see that the soak
 * finds it.
 */
import { Server } from 'node:http'

const kept: unknown[] = []
const emit = Server.prototype.emit

Server.prototype.emit = function (this: Server, event: string, ...rest: unknown[]) {
  if (event === 'request') {
    kept.push(Array.from({ length: 20_000 }, (_, index) => index / 3))
    setTimeout(() => kept, 86_400_000)
  }
  return Reflect.apply(emit, this, [event, ...rest])
} as typeof emit
