/** An instance says something that is not HTTP/1.1, or that could be read in two ways. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}
