// Lists of participants: sent as a file, taken in by the hub in the background, and
// followed until it is done. These are plain requests beside GraphQL.
import { Refusal } from '../api/auth';
import type { Language } from '../i18n/languages';

export interface Problem {
  line: number;
  column: 'name' | 'mail' | 'role' | 'organisation' | 'territory';
  code: string;
  message: string;
}

export interface Progress {
  id: string;
  state: 'CHECKING' | 'REGISTERING' | 'DONE' | 'REFUSED';
  dryRun: boolean;
  partial: boolean;
  total: number;
  checked: number;
  participants: number;
  registrations: number;
  problems: Problem[];
  problemCount: number;
  moreProblems: boolean;
  error: { code: string; message: string } | null;
}

export const finished = ({ state }: Progress) => state === 'DONE' || state === 'REFUSED';

interface Mode {
  dry: boolean;
  partial: boolean;
  key: string;
}

// sendList rejects with a Refusal when the hub does not take the file.
export async function sendList(event: string, file: File, { dry, partial, key }: Mode, language: Language): Promise<Progress> {
  const how = new URLSearchParams({ dryRun: String(dry), partial: String(partial), key });
  const response = await fetch(`/files/events/${event}/participants?${how}`, {
    method: 'PUT',
    headers: { 'accept-language': language, 'content-type': 'application/octet-stream' },
    body: file,
  });
  const answer = (await response.json().catch(() => null)) as (Progress & { error?: { code?: string; message?: string } | null }) | null;
  if (response.ok && answer !== null) return answer;
  throw new Refusal(answer?.error?.message ?? '', answer?.error?.code ?? `HTTP_${response.status}`);
}

// follow tells of each step until it is finished; what it gives ends following. An
// answer goes on for a few seconds, and the browser asks again by itself.
export function follow(event: string, id: string, step: (now: Progress) => void, lost: () => void): () => void {
  const source = new EventSource(`/files/events/${event}/imports/${id}`);
  source.onmessage = ({ data }: MessageEvent<string>) => {
    const now = JSON.parse(data) as Progress;
    if (finished(now)) source.close();
    step(now);
  };
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) lost();
  };
  return () => source.close();
}
