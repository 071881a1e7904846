/** File of a data folder into which a backup is being restored, or was when the restore was ended. */
export const RESTORE_MARK = 'restore-incomplete.json';
