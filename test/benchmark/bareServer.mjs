// What a service is compared with: node:http as it is, answering a constant.
import { createServer } from "node:http";

const { BODY = "", PORT, OPTIMIZE } = process.env;
const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(BODY) };
createServer(OPTIMIZE ? { optimizeEmptyRequests: true } : {}, (_request, response) => {
  response.writeHead(200, headers);
  response.end(BODY);
}).listen(Number(PORT), "127.0.0.1");
