// wrangler wants a worker to start; the tests speak to D1 itself.
export default { fetch: () => new Response("ok") };
