/** What another feature may know of a drill. */
import { drillAt, type Drill } from '../drill-document';

export const drillOf = (id: string) => drillAt(id);

export const isRunning = (drill: Drill | undefined): boolean => drill?.status === 'in_progress';
