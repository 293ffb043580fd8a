import { NORMAL } from '@muster/guard/policy-document';
import { START } from './harness';
import type { Watched } from './watched-backend';

/** As a new installation, when tests begin: nothing is on, and nothing is recorded that would be. */
export const calm = async (watched: Watched): Promise<void> => {
  watched.backend.clock.now = START;
  const { docs } = await watched.backend.firestore.collection('muster_activations').get();
  for (const { ref } of docs) await watched.given(ref.path, undefined);
  await watched.given('muster_policy/current', NORMAL);
};
