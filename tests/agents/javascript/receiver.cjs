// A receiver as a subscriber would write it: verifies with the library of Standard Webhooks, answers 204 or 400.
const http = require("node:http");
const { Webhook } = require("standardwebhooks");

const webhook = new Webhook(process.env.SECRET);
const server = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    try {
      const alert = webhook.verify(Buffer.concat(chunks).toString("utf8"), request.headers);
      console.log(JSON.stringify(alert));
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(400).end(String(error.message));
    }
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
