/** A decrypted text. */
export interface Decrypted {
  text: string;
  /** Whether the newest key encrypted it. Otherwise the text should be encrypted again. */
  isCurrent: boolean;
}

/** Encrypts secrets that the database stores and the service must read again. */
export interface Cipher {
  /**
   * @param owner - the id of the user who owns the text; only the same id decrypts it
   * @throws ConfigurationError if there is no key
   */
  encrypt(text: string, owner: string): Promise<string>;

  /**
   * Returns undefined if the key is missing, or the text belongs to another owner or was changed.
   *
   * @throws ConfigurationError if the secret of the keys cannot be read
   */
  decrypt(encrypted: string, owner: string): Promise<Decrypted | undefined>;
}
