import { lauxlib, lua, lualib, to_jsstring, to_luastring } from 'fengari';

/** Result of a health check. */
export interface Health {
  readonly status?: string;
  readonly message?: string;
}

/** The moment of a check, and how far east of Greenwich the controller's zone is. */
export interface Clock {
  readonly now: string;
  readonly hoursEast?: number;
}

/** Argo CD's `require("os")`: nothing but `time` and `date`; dates of a moment come in the controller's zone. */
const safeOs = `
local real = os
os = nil
local machineEast = now - real.time(real.date("!*t", now))
function require(name)
  if name ~= "os" then error("module " .. name .. " not found") end
  return {
    time = function(fields)
      if fields == nil then return now end
      return real.time(fields) + machineEast - east
    end,
    date = function(format, moment)
      if moment == nil then return real.date(format, now) end
      return real.date(format, moment + east - machineEast)
    end,
  }
end
`;

/**
 * Runs a health check of Argo CD on an object, in a Lua VM with nothing but the libraries that Argo CD gives it: base, table, and a part of os.
 *
 * @throws Error with Lua's message
 */
export function runHealthCheck(script: string, object: unknown, clock: Clock = { now: '2026-01-01T00:00:00Z' }): Health {
  const state = lauxlib.luaL_newstate();
  const run = (text: string): void => {
    if (lauxlib.luaL_dostring(state, to_luastring(text)) !== lua.LUA_OK) throw new Error(to_jsstring(lua.lua_tostring(state, -1)));
  };
  lauxlib.luaL_requiref(state, to_luastring('_G'), lualib.luaopen_base, 1);
  lauxlib.luaL_requiref(state, to_luastring('table'), lualib.luaopen_table, 1);
  lauxlib.luaL_requiref(state, to_luastring('os'), lualib.luaopen_os, 1);
  lua.lua_settop(state, 0);
  for (const [name, value] of Object.entries({ obj: object, now: Date.parse(clock.now) / 1000, east: (clock.hoursEast ?? 0) * 3600 })) {
    push(state, value);
    lua.lua_setglobal(state, to_luastring(name));
  }
  run(safeOs);
  run(script);
  return { ...field(state, 'status'), ...field(state, 'message') };
}

function field(state: unknown, name: keyof Health): Health {
  lua.lua_getfield(state, -1, to_luastring(name));
  const text = lua.lua_isnil(state, -1) ? undefined : to_jsstring(lua.lua_tostring(state, -1));
  lua.lua_pop(state, 1);
  return text === undefined ? {} : { [name]: text };
}

function push(state: unknown, value: unknown): void {
  if (value === null || value === undefined) lua.lua_pushnil(state);
  else if (typeof value === 'boolean') lua.lua_pushboolean(state, value);
  else if (typeof value === 'number') lua.lua_pushnumber(state, value);
  else if (typeof value === 'string') lua.lua_pushstring(state, to_luastring(value));
  else {
    lua.lua_newtable(state);
    const entries = Array.isArray(value) ? value.map((item, index) => [index + 1, item] as const) : Object.entries(value);
    for (const [key, item] of entries) {
      push(state, key);
      push(state, item);
      lua.lua_settable(state, -3);
    }
  }
}
