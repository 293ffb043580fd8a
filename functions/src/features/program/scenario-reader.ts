import { scenario } from '../../contract/scenarios';
import { documentAt } from '../../platform/documents';
import { paths } from '../../platform/paths';

/** `scenarios/{id}`: one entry of the catalog. */
export const scenarioAt = (id: string) => documentAt(paths.scenario(id), scenario);
