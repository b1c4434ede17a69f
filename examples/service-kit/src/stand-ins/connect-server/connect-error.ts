/** The server refuses, with a status and a message. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
