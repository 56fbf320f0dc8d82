/** How long a child may be on its way before the wave that waits for it is given up, and tried again with the newest commit. */
export const patienceMinutes = 30;

/**
 * Health of an Application for Argo CD (`resource.customizations.health.argoproj.io_Application`).
 *
 * Argo CD has none of its own since 1.8, so without this every child counts as done at once and all waves fire two seconds apart. Copying
 * the child's health is not enough either: since 3.4 a child that applied half of its objects reports Healthy (argo-cd#27917), and after its
 * spec changed it shows the health of the old one until it is compared again.
 *
 * A child passes its health on when all of it is there: compared with the source that it has now, and either Synced, or synced with its present revision. It need
 * not have been synced by an operation: an Application that is made anew over what exists has nothing to do, and never gets one. Drift after a successful sync
 * (OutOfSync) does not close the gate: a chart that never gets diff-clean would block every later wave for good.
 *
 * While the root's operation waits for a child it stays at its old commit, and the one that mends the child is not looked at. A child that failed, or takes too
 * long, is therefore Degraded: that ends the operation, and the retry takes the newest commit. Suspended counts as Healthy, because it ends only by a person.
 *
 * Argo CD's Lua has the base and table libraries, `time` and `date` of os, and one second. It has no functions for strings, but compares them.
 */
export const applicationHealth = `
-- Equal, where Go leaves out zero values: nil, "", false, 0 and {} are the same.
local function isZero(v)
  if v == nil or v == "" or v == false or v == 0 then return true end
  return type(v) == "table" and next(v) == nil
end
local function same(a, b)
  if isZero(a) and isZero(b) then return true end
  if type(a) ~= "table" or type(b) ~= "table" then return a == b end
  for k, v in pairs(a) do if not same(v, b[k]) then return false end end
  for k, v in pairs(b) do if a[k] == nil and not isZero(v) then return false end end
  return true
end
-- Whether something has the Application's present source.
local function isOfSpec(what)
  if not isZero(obj.spec.sources) then return same(obj.spec.sources, what.sources) end
  return same(obj.spec.source, what.source)
end

local status = obj.status or {}
local operation = status.operationState

-- Whether nothing has changed for too long.
local function isLate()
  local since = (obj.metadata or {}).creationTimestamp or ""
  for _, moment in ipairs({ (operation or {}).startedAt or "", (operation or {}).finishedAt or "", (status.health or {}).lastTransitionTime or "" }) do
    if moment > since then since = moment end
  end
  local found, os = pcall(require, "os")
  if not found or since == "" then return false end
  -- Dates come in the zone of the controller.
  local east = os.time() - os.time(os.date("!*t"))
  return since < os.date("%Y-%m-%dT%H:%M:%SZ", os.time() - east - ${patienceMinutes} * 60)
end

local function waiting(message)
  if isLate() then return { status = "Degraded", message = message .. ", for more than ${patienceMinutes} minutes" } end
  return { status = "Progressing", message = message }
end

local function own()
  local health = status.health.status or "Progressing"
  local message = status.health.message or ""
  if health == "Suspended" then return { status = "Healthy", message = "suspended: " .. message } end
  if health ~= "Healthy" and health ~= "Degraded" and isLate() then
    return { status = "Degraded", message = health .. " for more than ${patienceMinutes} minutes: " .. message }
  end
  return { status = health, message = message }
end

if obj.operation ~= nil or (operation ~= nil and operation.phase == "Running") then
  local message = "a sync is running"
  local failed = operation ~= nil and (operation.retryCount or 0) > 0
  if failed then message = "its sync failed, and Argo CD retries it: " .. tostring(operation.message) end
  local sync = (obj.operation or {}).sync or {}
  -- An operation keeps the source that it began with, through all of its retries.
  if not (isZero(sync.source) and isZero(sync.sources)) and not isOfSpec(sync) then
    message = "its sync began with an older source and keeps it: wait for its end, or end it with kubectl patch application " .. obj.metadata.name ..
      " -n " .. obj.metadata.namespace .. [[ --type merge -p '{"status":{"operationState":{"phase":"Terminating"}}}']]
  end
  if failed then return { status = "Degraded", message = message } end
  return waiting(message)
end

if status.health == nil or status.sync == nil then return waiting("not compared yet") end
if not isOfSpec(status.sync.comparedTo or {}) then return waiting("its source changed and is not compared yet") end

if status.sync.status == "Synced" then return own() end
if operation == nil then return waiting("not synced yet") end
if operation.phase ~= "Succeeded" then
  return { status = "Degraded", message = "last sync " .. tostring(operation.phase) .. ": " .. tostring(operation.message) }
end
local result = operation.syncResult or {}
if not same(result.revision, status.sync.revision) or not same(result.revisions, status.sync.revisions) then
  return waiting("a newer revision is not synced yet")
end
return own()
`.trimStart();
