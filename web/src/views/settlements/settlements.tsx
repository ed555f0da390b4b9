export function Settlements() {
  return (
    <section className="page">
      <h1>Settlements</h1>
    </section>
  );
}
