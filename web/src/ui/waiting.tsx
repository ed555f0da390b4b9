/** Something that is being read; `page` fills the whole page. */
export function Waiting({ what, page = false }: { readonly what: string; readonly page?: boolean }) {
  return (
    <div className={page ? 'waiting lone' : 'waiting'} role="status">
      <span className="spinner" aria-hidden="true" />
      {what}…
    </div>
  );
}
