export function Governance() {
  return (
    <section className="page">
      <h1>Governance</h1>
    </section>
  );
}
