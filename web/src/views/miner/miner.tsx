export function Miner() {
  return (
    <section className="page">
      <h1>Miner</h1>
    </section>
  );
}
