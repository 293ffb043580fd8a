import { scenario } from '@muster/contract/scenarios';
import { documentAt } from '@muster/core/storage/documents';
import { paths } from '@muster/core/storage/paths';

/** `muster_scenarios/{id}`: one entry of the catalog. */
export const scenarioAt = (id: string) => documentAt(paths.scenario(id), scenario);
