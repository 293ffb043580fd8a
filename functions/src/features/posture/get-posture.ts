import { control } from '@muster/contract/posture';
import { defineRead } from '../../platform/operations/define-read';
import { toControlView } from './control';
import { controlsIn, postureAt } from './posture-document';

/** `posture-get`. Reads own revocation and the posture. */
export const getPosture = defineRead('posture-get', {
  cost: { reads: 2, writes: 0 },
  async answer({ work, now }) {
    const stored = controlsIn(await work.read(postureAt()));
    return { controls: control.options.map((name) => toControlView(name, stored[name], now)) };
  },
});
