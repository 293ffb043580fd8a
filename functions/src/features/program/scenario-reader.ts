import { scenario } from '../../contract/scenarios';
import { documentAt } from '../../../../guard/src/documents';
import { paths } from '../../../../guard/src/paths';

/** `scenarios/{id}`: one entry of the catalog. */
export const scenarioAt = (id: string) => documentAt(paths.scenario(id), scenario);
