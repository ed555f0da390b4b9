# The operator's image: everything comes from the lock file, by `npm ci`; nothing else is fetched while it is built.
FROM node:24-bookworm-slim AS build
WORKDIR /opt/lode
COPY package.json package-lock.json .npmrc ./
COPY scripts/setup scripts/setup
RUN npm ci --no-audit --no-fund
COPY . .
# The bindings that the program runs on are made from the contracts.
RUN ./node_modules/.bin/hardhat build --no-tests --quiet

FROM node:24-bookworm-slim
COPY --from=build /opt/lode /opt/lode
RUN ln -s /opt/lode/bin/lode.mjs /usr/local/bin/lode && mkdir /data && chown node:node /data
# Works with any user that `docker run --user` names: what is written outside of /data goes to /tmp.
ENV NODE_ENV=production HOME=/tmp
USER node
WORKDIR /data
VOLUME /data
ENTRYPOINT ["lode"]
CMD ["--help"]
