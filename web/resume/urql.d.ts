import type { Exchange } from '@urql/core';

import type { Subscribing } from './resume.js';

/** urql's exchange for subscriptions, which resume. */
export function resumeExchange(client: Subscribing): Exchange;
