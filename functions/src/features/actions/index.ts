export { approveAction } from './approve-action';
export { executeAction } from './execute-action';
export { listActions } from './list-actions';
export { rejectAction } from './reject-action';
export { requestAction } from './request-action';
