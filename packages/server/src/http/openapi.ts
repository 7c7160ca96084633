import { commonErrors, ERRORS, Problem, ROUTES, type RouteSpec } from '@parley/protocol';
import { z } from 'zod';

/** OpenAPI 3.1 of the REST edge, made of the same schemas that check the requests. */
export function openApiDocument(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of ROUTES) {
    const path = route.path.replace(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Parley', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      schemas: { Problem: jsonSchema(Problem, 'output') },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function operation(route: RouteSpec): Record<string, unknown> {
  return {
    operationId: operationId(route),
    summary: route.summary,
    security: route.auth === 'bearer' ? [{ bearer: [] }] : [],
    parameters: [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)],
    ...(route.bodyTypes === undefined ? {} : { requestBody: binaryBody(route.bodyTypes) }),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: !route.body.safeParse({}).success,
            content: { 'application/json': { schema: jsonSchema(route.body, 'input') } },
          },
        }),
    responses: responses(route),
  };
}

const binaryBody = (types: readonly string[]) => ({
  required: true,
  content: Object.fromEntries(types.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])),
});

const operationId = ({ method, path }: RouteSpec) =>
  `${method.toLowerCase()}${path.replace(/^\/(?:api\/)?/, '/').replace(/[/:.-]+([a-z])/gi, (_, first: string) => first.toUpperCase())}`;

function pathParameters({ path }: RouteSpec) {
  return [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: name === 'token' || name === 'hash' ? { type: 'string' } : { type: 'string', format: 'uuid' },
  }));
}

function queryParameters({ query }: RouteSpec) {
  return Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !schema.safeParse(undefined).success,
    schema: jsonSchema(schema, 'input'),
  }));
}

function headerParameters({ headers }: RouteSpec) {
  return Object.entries(headers ?? {}).map(([name, need]) => ({
    name,
    in: 'header',
    required: need === 'required',
    schema: { type: 'string', format: 'uuid' },
  }));
}

function responses(route: RouteSpec) {
  const answers: Record<string, unknown> = {};
  for (const [status, schema] of Object.entries(route.responses)) {
    answers[status] =
      schema === null
        ? { description: 'Done' }
        : {
            description: 'Done',
            content: { [route.contentType ?? 'application/json']: { schema: jsonSchema(schema, 'output') } },
          };
  }
  const codes = [...new Set([...route.errors, ...(route.path.startsWith('/api/') ? commonErrors(route) : [])])];
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status);
  for (const [status, all] of byStatus) {
    const known = answers[String(status)];
    answers[String(status)] = known ?? {
      description: all.map((code) => `\`${code}\`: ${ERRORS[code].title}`).join(' '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return answers;
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
