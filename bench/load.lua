-- Requests for wrk. Environment: WORKLOAD (W1 point read, W4 posting, RAW a body of RAW_BYTES),
-- TOKEN_FILE, ACCOUNT_ID, ACCOUNTS_FILE (one account id per line).
local workload = os.getenv("WORKLOAD")
local path = "/financial/v1/graphql"
local threads = 0
local bad = {}

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
  table.insert(bad, thread)
end

local function read(name)
  local file = assert(io.open(os.getenv(name)))
  local text = file:read("*a")
  file:close()
  return text
end

function init()
  wrong = 0
  headers = {
    ["authorization"] = "Bearer " .. read("TOKEN_FILE"):gsub("%s", ""),
    ["content-type"] = "application/json",
    ["x-twisp-account-id"] = os.getenv("ACCOUNT_ID"),
  }
  accounts = {}
  for line in read("ACCOUNTS_FILE"):gmatch("%S+") do accounts[#accounts + 1] = line end
  local random = io.open("/dev/urandom", "rb")
  local bytes = { random:read(8):byte(1, 8) }
  random:close()
  math.randomseed(bytes[1] + bytes[2] * 256 + bytes[3] * 65536)
  prefix = string.format("%02x%02x%02x%02x-%02x%02x-4%02x%d", bytes[1], bytes[2], bytes[3], bytes[4],
                         bytes[5], bytes[6], bytes[7], bytes[8] % 10)
  count = 0
  if workload == "W4" then return end
  prepared = {}
  for i = 1, 2000 do
    local body = string.rep("x", tonumber(os.getenv("RAW_BYTES") or "0"))
    if workload == "W1" then
      body = '{"query":"query A($id:UUID!){account(id:$id){accountId code name normalBalanceType status description}}","variables":{"id":"'
        .. accounts[math.random(#accounts)] .. '"}}'
    end
    prepared[i] = wrk.format("POST", path, headers, body)
  end
end

function request()
  count = count + 1
  if prepared then return prepared[count % #prepared + 1] end
  local id = string.format("%s-8%03x-%012x", prefix, id, count)
  local debit = math.random(#accounts)
  local credit = debit % #accounts + 1
  return wrk.format("POST", path, headers,
    '{"query":"mutation P($i:TransactionInput!){postTransaction(input:$i){transactionId}}","variables":{"i":{"transactionId":"'
    .. id .. '","tranCode":"BENCH","params":{"dr":"' .. accounts[debit] .. '","cr":"' .. accounts[credit]
    .. '","amount":"' .. string.format("%d.%02d", math.random(500), math.random(99)) .. '"}}}}')
end

function response(status, _, body)
  if status ~= 200 or body:find('"errors"', 1, true) then wrong = wrong + 1 end
end

function done(summary, latency)
  local sum = 0
  for _, thread in ipairs(bad) do sum = sum + thread:get("wrong") end
  io.write(string.format('JSON {"requests":%d,"micros":%d,"p50":%d,"p99":%d,"wrong":%d,"errors":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), sum,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
