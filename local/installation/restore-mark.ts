/** File of a data folder into which a backup is being restored, or whose restore was interrupted. */
export const RESTORE_MARK = 'restore-incomplete.json';
