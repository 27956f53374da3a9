/** The filters of the list of requests, as they stand in the address. */
import type { CoordinationRequest, RequestKind, RequestState } from '#lib/api/types.ts';

export const filters = {
  box: ['received', 'sent'],
  state: ['open', 'filled', 'in_progress', 'done', 'withdrawn', 'expired'],
  kind: [
    'emergency_shelter',
    'on_call_advocate',
    'interpreter_now',
    'medical_or_forensic_access',
    'safe_transport',
    'safety_incident',
    'legal_process_notice',
    'urgent_legal_screening',
    'operation_support',
    'service_referral',
    'information_request',
    'joint_training',
    'co_host_event',
    'policy_mou_review',
  ],
} as const satisfies { box: string[]; state: RequestState[]; kind: RequestKind[] };
export type FilterName = keyof typeof filters;
export type Chosen = Partial<Record<FilterName, string>>;

/** Reads an address; what no filter knows is left out. */
export function chosenIn(parameters: Pick<URLSearchParams, 'get'>): Chosen {
  const chosen: Chosen = {};
  for (const [name, values] of Object.entries(filters)) {
    const value = parameters.get(name);
    if (value && (values as readonly string[]).includes(value))
      chosen[name as FilterName] = value;
  }
  return chosen;
}

export function fits(request: CoordinationRequest, chosen: Chosen, sent: boolean): boolean {
  if (chosen.box && (chosen.box === 'sent') !== sent) return false;
  if (chosen.state && request.state !== chosen.state) return false;
  return !chosen.kind || request.kind === chosen.kind;
}
