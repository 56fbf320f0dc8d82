/**
 * Health of an Application for Argo CD (`resource.customizations.health.argoproj.io_Application`).
 *
 * Argo CD has none of its own since 1.8, so without this every child counts as done at once and all waves fire two seconds apart. Copying
 * the child's health is not enough either: since 3.4 a child that applied half of its objects reports Healthy (argo-cd#27917), and after its
 * spec changed it shows the health of the old one until it is compared again.
 *
 * A child passes its health on only when its last operation succeeded with the revision and the source that it has now. Drift after a
 * successful sync (OutOfSync) does not close the gate: a chart that never gets diff-clean would block every later wave for good.
 *
 * Argo CD's Lua has the base and table libraries only, and one second.
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

local function progressing(message)
  return { status = "Progressing", message = message }
end

local status = obj.status
if status == nil or status.health == nil or status.sync == nil then return progressing("not compared yet") end

local compared = status.sync.comparedTo or {}
if obj.spec.sources ~= nil and next(obj.spec.sources) ~= nil then
  if not same(obj.spec.sources, compared.sources) then return progressing("its sources changed and are not compared yet") end
elseif not same(obj.spec.source, compared.source) then
  return progressing("its source changed and is not compared yet")
end

local operation = status.operationState
if obj.operation ~= nil or (operation ~= nil and operation.phase == "Running") then return progressing("a sync is running") end
if operation == nil then return progressing("not synced yet") end
if operation.phase ~= "Succeeded" then
  return { status = "Degraded", message = "last sync " .. tostring(operation.phase) .. ": " .. tostring(operation.message) }
end

if status.sync.status ~= "Synced" then
  local result = operation.syncResult or {}
  if not same(result.revision, status.sync.revision) or not same(result.revisions, status.sync.revisions) then
    return progressing("a newer revision is not synced yet")
  end
end

return { status = status.health.status or "Progressing", message = status.health.message or "" }
`.trimStart();
