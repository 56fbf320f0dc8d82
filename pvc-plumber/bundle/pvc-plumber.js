// Generated from pvc-plumber/ by `npm run plumber:build`. Do not edit.
"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// node_modules/aws4/lru.js
var require_lru = __commonJS({
  "node_modules/aws4/lru.js"(exports2, module2) {
    module2.exports = function(size) {
      return new LruCache(size);
    };
    function LruCache(size) {
      this.capacity = size | 0;
      this.map = /* @__PURE__ */ Object.create(null);
      this.list = new DoublyLinkedList();
    }
    LruCache.prototype.get = function(key) {
      var node = this.map[key];
      if (node == null) return void 0;
      this.used(node);
      return node.val;
    };
    LruCache.prototype.set = function(key, val) {
      var node = this.map[key];
      if (node != null) {
        node.val = val;
      } else {
        if (!this.capacity) this.prune();
        if (!this.capacity) return false;
        node = new DoublyLinkedNode(key, val);
        this.map[key] = node;
        this.capacity--;
      }
      this.used(node);
      return true;
    };
    LruCache.prototype.used = function(node) {
      this.list.moveToFront(node);
    };
    LruCache.prototype.prune = function() {
      var node = this.list.pop();
      if (node != null) {
        delete this.map[node.key];
        this.capacity++;
      }
    };
    function DoublyLinkedList() {
      this.firstNode = null;
      this.lastNode = null;
    }
    DoublyLinkedList.prototype.moveToFront = function(node) {
      if (this.firstNode == node) return;
      this.remove(node);
      if (this.firstNode == null) {
        this.firstNode = node;
        this.lastNode = node;
        node.prev = null;
        node.next = null;
      } else {
        node.prev = null;
        node.next = this.firstNode;
        node.next.prev = node;
        this.firstNode = node;
      }
    };
    DoublyLinkedList.prototype.pop = function() {
      var lastNode = this.lastNode;
      if (lastNode != null) {
        this.remove(lastNode);
      }
      return lastNode;
    };
    DoublyLinkedList.prototype.remove = function(node) {
      if (this.firstNode == node) {
        this.firstNode = node.next;
      } else if (node.prev != null) {
        node.prev.next = node.next;
      }
      if (this.lastNode == node) {
        this.lastNode = node.prev;
      } else if (node.next != null) {
        node.next.prev = node.prev;
      }
    };
    function DoublyLinkedNode(key, val) {
      this.key = key;
      this.val = val;
      this.prev = null;
      this.next = null;
    }
  }
});

// node_modules/aws4/aws4.js
var require_aws4 = __commonJS({
  "node_modules/aws4/aws4.js"(exports2) {
    var aws4 = exports2;
    var url = require("url");
    var querystring = require("querystring");
    var crypto = require("crypto");
    var lru = require_lru();
    var credentialsCache = lru(1e3);
    function hmac(key, string, encoding) {
      return crypto.createHmac("sha256", key).update(string, "utf8").digest(encoding);
    }
    function hash(string, encoding) {
      return crypto.createHash("sha256").update(string, "utf8").digest(encoding);
    }
    function encodeRfc3986(urlEncodedString) {
      return urlEncodedString.replace(/[!'()*]/g, function(c) {
        return "%" + c.charCodeAt(0).toString(16).toUpperCase();
      });
    }
    function encodeRfc3986Full(str) {
      return encodeRfc3986(encodeURIComponent(str));
    }
    var HEADERS_TO_IGNORE = {
      "authorization": true,
      "connection": true,
      "x-amzn-trace-id": true,
      "user-agent": true,
      "expect": true,
      "presigned-expires": true,
      "range": true
    };
    function RequestSigner(request4, credentials) {
      if (typeof request4 === "string") request4 = url.parse(request4);
      var headers = request4.headers = Object.assign({}, request4.headers || {}), hostParts = (!this.service || !this.region) && this.matchHost(request4.hostname || request4.host || headers.Host || headers.host);
      this.request = request4;
      this.credentials = credentials || this.defaultCredentials();
      this.service = request4.service || hostParts[0] || "";
      this.region = request4.region || hostParts[1] || "us-east-1";
      if (this.service === "email") this.service = "ses";
      if (!request4.method && request4.body)
        request4.method = "POST";
      if (!headers.Host && !headers.host) {
        headers.Host = request4.hostname || request4.host || this.createHost();
        if (request4.port)
          headers.Host += ":" + request4.port;
      }
      if (!request4.hostname && !request4.host)
        request4.hostname = headers.Host || headers.host;
      this.isCodeCommitGit = this.service === "codecommit" && request4.method === "GIT";
      this.extraHeadersToIgnore = request4.extraHeadersToIgnore || /* @__PURE__ */ Object.create(null);
      this.extraHeadersToInclude = request4.extraHeadersToInclude || /* @__PURE__ */ Object.create(null);
    }
    RequestSigner.prototype.matchHost = function(host) {
      var match = (host || "").match(/([^\.]{1,63})\.(?:([^\.]{0,63})\.)?amazonaws\.com(\.cn)?$/);
      var hostParts = (match || []).slice(1, 3);
      if (hostParts[1] === "es" || hostParts[1] === "aoss")
        hostParts = hostParts.reverse();
      if (hostParts[1] == "s3") {
        hostParts[0] = "s3";
        hostParts[1] = "us-east-1";
      } else {
        for (var i = 0; i < 2; i++) {
          if (/^s3-/.test(hostParts[i])) {
            hostParts[1] = hostParts[i].slice(3);
            hostParts[0] = "s3";
            break;
          }
        }
      }
      return hostParts;
    };
    RequestSigner.prototype.isSingleRegion = function() {
      if (["s3", "sdb"].indexOf(this.service) >= 0 && this.region === "us-east-1") return true;
      return ["cloudfront", "ls", "route53", "iam", "importexport", "sts"].indexOf(this.service) >= 0;
    };
    RequestSigner.prototype.createHost = function() {
      var region = this.isSingleRegion() ? "" : "." + this.region, subdomain = this.service === "ses" ? "email" : this.service;
      return subdomain + region + ".amazonaws.com";
    };
    RequestSigner.prototype.prepareRequest = function() {
      this.parsePath();
      var request4 = this.request, headers = request4.headers, query;
      if (request4.signQuery) {
        this.parsedPath.query = query = this.parsedPath.query || {};
        if (this.credentials.sessionToken)
          query["X-Amz-Security-Token"] = this.credentials.sessionToken;
        if (this.service === "s3" && !query["X-Amz-Expires"])
          query["X-Amz-Expires"] = 86400;
        if (query["X-Amz-Date"])
          this.datetime = query["X-Amz-Date"];
        else
          query["X-Amz-Date"] = this.getDateTime();
        query["X-Amz-Algorithm"] = "AWS4-HMAC-SHA256";
        query["X-Amz-Credential"] = this.credentials.accessKeyId + "/" + this.credentialString();
        query["X-Amz-SignedHeaders"] = this.signedHeaders();
      } else {
        if (!request4.doNotModifyHeaders && !this.isCodeCommitGit) {
          if (request4.body && !headers["Content-Type"] && !headers["content-type"])
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8";
          if (request4.body && !headers["Content-Length"] && !headers["content-length"])
            headers["Content-Length"] = Buffer.byteLength(request4.body);
          if (this.credentials.sessionToken && !headers["X-Amz-Security-Token"] && !headers["x-amz-security-token"])
            headers["X-Amz-Security-Token"] = this.credentials.sessionToken;
          if (this.service === "s3" && !headers["X-Amz-Content-Sha256"] && !headers["x-amz-content-sha256"])
            headers["X-Amz-Content-Sha256"] = hash(this.request.body || "", "hex");
          if (headers["X-Amz-Date"] || headers["x-amz-date"])
            this.datetime = headers["X-Amz-Date"] || headers["x-amz-date"];
          else
            headers["X-Amz-Date"] = this.getDateTime();
        }
        delete headers.Authorization;
        delete headers.authorization;
      }
    };
    RequestSigner.prototype.sign = function() {
      if (!this.parsedPath) this.prepareRequest();
      if (this.request.signQuery) {
        this.parsedPath.query["X-Amz-Signature"] = this.signature();
      } else {
        this.request.headers.Authorization = this.authHeader();
      }
      this.request.path = this.formatPath();
      return this.request;
    };
    RequestSigner.prototype.getDateTime = function() {
      if (!this.datetime) {
        var headers = this.request.headers, date2 = new Date(headers.Date || headers.date || /* @__PURE__ */ new Date());
        this.datetime = date2.toISOString().replace(/[:\-]|\.\d{3}/g, "");
        if (this.isCodeCommitGit) this.datetime = this.datetime.slice(0, -1);
      }
      return this.datetime;
    };
    RequestSigner.prototype.getDate = function() {
      return this.getDateTime().substr(0, 8);
    };
    RequestSigner.prototype.authHeader = function() {
      return [
        "AWS4-HMAC-SHA256 Credential=" + this.credentials.accessKeyId + "/" + this.credentialString(),
        "SignedHeaders=" + this.signedHeaders(),
        "Signature=" + this.signature()
      ].join(", ");
    };
    RequestSigner.prototype.signature = function() {
      var date2 = this.getDate(), cacheKey = [this.credentials.secretAccessKey, date2, this.region, this.service].join(), kDate, kRegion, kService, kCredentials = credentialsCache.get(cacheKey);
      if (!kCredentials) {
        kDate = hmac("AWS4" + this.credentials.secretAccessKey, date2);
        kRegion = hmac(kDate, this.region);
        kService = hmac(kRegion, this.service);
        kCredentials = hmac(kService, "aws4_request");
        credentialsCache.set(cacheKey, kCredentials);
      }
      return hmac(kCredentials, this.stringToSign(), "hex");
    };
    RequestSigner.prototype.stringToSign = function() {
      return [
        "AWS4-HMAC-SHA256",
        this.getDateTime(),
        this.credentialString(),
        hash(this.canonicalString(), "hex")
      ].join("\n");
    };
    RequestSigner.prototype.canonicalString = function() {
      if (!this.parsedPath) this.prepareRequest();
      var pathStr = this.parsedPath.path, query = this.parsedPath.query, headers = this.request.headers, queryStr = "", normalizePath = this.service !== "s3", decodePath = this.service === "s3" || this.request.doNotEncodePath, decodeSlashesInPath = this.service === "s3", firstValOnly = this.service === "s3", bodyHash;
      if (this.service === "s3" && this.request.signQuery) {
        bodyHash = "UNSIGNED-PAYLOAD";
      } else if (this.isCodeCommitGit) {
        bodyHash = "";
      } else {
        bodyHash = headers["X-Amz-Content-Sha256"] || headers["x-amz-content-sha256"] || hash(this.request.body || "", "hex");
      }
      if (query) {
        var reducedQuery = Object.keys(query).reduce(function(obj, key) {
          if (!key) return obj;
          obj[encodeRfc3986Full(key)] = !Array.isArray(query[key]) ? query[key] : firstValOnly ? query[key][0] : query[key];
          return obj;
        }, {});
        var encodedQueryPieces = [];
        Object.keys(reducedQuery).sort().forEach(function(key) {
          if (!Array.isArray(reducedQuery[key])) {
            encodedQueryPieces.push(key + "=" + encodeRfc3986Full(reducedQuery[key]));
          } else {
            reducedQuery[key].map(encodeRfc3986Full).sort().forEach(function(val) {
              encodedQueryPieces.push(key + "=" + val);
            });
          }
        });
        queryStr = encodedQueryPieces.join("&");
      }
      if (pathStr !== "/") {
        if (normalizePath) pathStr = pathStr.replace(/\/{2,}/g, "/");
        pathStr = pathStr.split("/").reduce(function(path, piece) {
          if (normalizePath && piece === "..") {
            path.pop();
          } else if (!normalizePath || piece !== ".") {
            if (decodePath) piece = decodeURIComponent(piece.replace(/\+/g, " "));
            path.push(encodeRfc3986Full(piece));
          }
          return path;
        }, []).join("/");
        if (pathStr[0] !== "/") pathStr = "/" + pathStr;
        if (decodeSlashesInPath) pathStr = pathStr.replace(/%2F/g, "/");
      }
      return [
        this.request.method || "GET",
        pathStr,
        queryStr,
        this.canonicalHeaders() + "\n",
        this.signedHeaders(),
        bodyHash
      ].join("\n");
    };
    RequestSigner.prototype.filterHeaders = function() {
      var headers = this.request.headers, extraHeadersToInclude = this.extraHeadersToInclude, extraHeadersToIgnore = this.extraHeadersToIgnore;
      this.filteredHeaders = Object.keys(headers).map(function(key) {
        return [key.toLowerCase(), headers[key]];
      }).filter(function(entry) {
        return extraHeadersToInclude[entry[0]] || HEADERS_TO_IGNORE[entry[0]] == null && !extraHeadersToIgnore[entry[0]];
      }).sort(function(a, b) {
        return a[0] < b[0] ? -1 : 1;
      });
    };
    RequestSigner.prototype.canonicalHeaders = function() {
      if (!this.filteredHeaders) this.filterHeaders();
      return this.filteredHeaders.map(function(entry) {
        return entry[0] + ":" + entry[1].toString().trim().replace(/\s+/g, " ");
      }).join("\n");
    };
    RequestSigner.prototype.signedHeaders = function() {
      if (!this.filteredHeaders) this.filterHeaders();
      return this.filteredHeaders.map(function(entry) {
        return entry[0];
      }).join(";");
    };
    RequestSigner.prototype.credentialString = function() {
      return [
        this.getDate(),
        this.region,
        this.service,
        "aws4_request"
      ].join("/");
    };
    RequestSigner.prototype.defaultCredentials = function() {
      var env = process.env;
      return {
        accessKeyId: env.AWS_ACCESS_KEY_ID || env.AWS_ACCESS_KEY,
        secretAccessKey: env.AWS_SECRET_ACCESS_KEY || env.AWS_SECRET_KEY,
        sessionToken: env.AWS_SESSION_TOKEN
      };
    };
    RequestSigner.prototype.parsePath = function() {
      var path = this.request.path || "/";
      if (/[^0-9A-Za-z;,/?:@&=+$\-_.!~*'()#%]/.test(path)) {
        path = encodeURI(decodeURI(path));
      }
      var queryIx = path.indexOf("?"), query = null;
      if (queryIx >= 0) {
        query = querystring.parse(path.slice(queryIx + 1));
        path = path.slice(0, queryIx);
      }
      this.parsedPath = {
        path,
        query
      };
    };
    RequestSigner.prototype.formatPath = function() {
      var path = this.parsedPath.path, query = this.parsedPath.query;
      if (!query) return path;
      if (query[""] != null) delete query[""];
      return path + "?" + encodeRfc3986(querystring.stringify(query));
    };
    aws4.RequestSigner = RequestSigner;
    aws4.sign = function(request4, credentials) {
      return new RequestSigner(request4, credentials).sign();
    };
  }
});

// node_modules/@rgrove/parse-xml/dist/lib/StringScanner.js
var require_StringScanner = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/lib/StringScanner.js"(exports2) {
    "use strict";
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.StringScanner = void 0;
    var emptyString = "";
    var surrogatePair = /[\uD800-\uDBFF][\uDC00-\uDFFF]/g;
    var StringScanner = class {
      constructor(string) {
        this.charCount = this.charLength(string, true);
        this.charIndex = 0;
        this.length = string.length;
        this.multiByteMode = this.charCount !== this.length;
        this.string = string;
        if (this.multiByteMode) {
          let charsToBytes = [];
          for (let byteIndex = 0, charIndex = 0; charIndex < this.charCount; ++charIndex) {
            charsToBytes[charIndex] = byteIndex;
            byteIndex += string.codePointAt(byteIndex) > 65535 ? 2 : 1;
          }
          this.charsToBytes = charsToBytes;
        }
      }
      /**
       * Whether the current character index is at the end of the input string.
       */
      get isEnd() {
        return this.charIndex >= this.charCount;
      }
      // -- Protected Methods ------------------------------------------------------
      /**
       * Returns the number of characters in the given string, which may differ from
       * the byte length if the string contains multibyte characters.
       */
      charLength(string, multiByteSafe = this.multiByteMode) {
        return multiByteSafe ? string.replace(surrogatePair, "_").length : string.length;
      }
      // -- Public Methods ---------------------------------------------------------
      /**
       * Advances the scanner by the given number of characters, stopping if the end
       * of the string is reached.
       */
      advance(count = 1) {
        this.charIndex = Math.min(this.charCount, this.charIndex + count);
      }
      /**
       * Returns the byte index of the given character index in the string. The two
       * may differ in strings that contain multibyte characters.
       */
      charIndexToByteIndex(charIndex = this.charIndex) {
        return this.multiByteMode ? this.charsToBytes[charIndex] ?? Infinity : charIndex;
      }
      /**
       * Consumes and returns the given number of characters if possible, advancing
       * the scanner and stopping if the end of the string is reached.
       *
       * If no characters could be consumed, an empty string will be returned.
       */
      consume(charCount = 1) {
        let chars = this.peek(charCount);
        this.advance(charCount);
        return chars;
      }
      /**
       * Consumes and returns the given number of bytes if possible, advancing the
       * scanner and stopping if the end of the string is reached.
       *
       * It's up to the caller to ensure that the given byte count doesn't split a
       * multibyte character.
       *
       * If no bytes could be consumed, an empty string will be returned.
       */
      consumeBytes(byteCount) {
        let byteIndex = this.charIndexToByteIndex();
        let result = this.string.slice(byteIndex, byteIndex + byteCount);
        this.advance(this.charLength(result));
        return result;
      }
      /**
       * Consumes and returns all characters for which the given function returns
       * `true`, stopping when `false` is returned or the end of the input is
       * reached.
       */
      consumeMatchFn(fn) {
        let { length, multiByteMode, string } = this;
        let startByteIndex = this.charIndexToByteIndex();
        let endByteIndex = startByteIndex;
        if (multiByteMode) {
          while (endByteIndex < length) {
            let char = string[endByteIndex];
            let isSurrogatePair = char >= "\uD800" && char <= "\uDBFF";
            if (isSurrogatePair) {
              char += string[endByteIndex + 1];
            }
            if (!fn(char)) {
              break;
            }
            endByteIndex += isSurrogatePair ? 2 : 1;
          }
        } else {
          while (endByteIndex < length && fn(string[endByteIndex])) {
            ++endByteIndex;
          }
        }
        return this.consumeBytes(endByteIndex - startByteIndex);
      }
      /**
       * Consumes the given string if it exists at the current character index, and
       * advances the scanner.
       *
       * If the given string doesn't exist at the current character index, an empty
       * string will be returned and the scanner will not be advanced.
       */
      consumeString(stringToConsume) {
        let { length } = stringToConsume;
        let byteIndex = this.charIndexToByteIndex();
        if (stringToConsume === this.string.slice(byteIndex, byteIndex + length)) {
          this.advance(length === 1 ? 1 : this.charLength(stringToConsume));
          return stringToConsume;
        }
        return emptyString;
      }
      /**
       * Consumes characters until the given global regex is matched, advancing the
       * scanner up to (but not beyond) the beginning of the match. If the regex
       * doesn't match, nothing will be consumed.
       *
       * Returns the consumed string, or an empty string if nothing was consumed.
       */
      consumeUntilMatch(regex) {
        let matchByteIndex = this.string.slice(this.charIndexToByteIndex()).search(regex);
        return matchByteIndex > 0 ? this.consumeBytes(matchByteIndex) : emptyString;
      }
      /**
       * Consumes characters until the given string is found, advancing the scanner
       * up to (but not beyond) that point. If the string is never found, nothing
       * will be consumed.
       *
       * Returns the consumed string, or an empty string if nothing was consumed.
       */
      consumeUntilString(searchString) {
        let byteIndex = this.charIndexToByteIndex();
        let matchByteIndex = this.string.indexOf(searchString, byteIndex);
        return matchByteIndex > 0 ? this.consumeBytes(matchByteIndex - byteIndex) : emptyString;
      }
      /**
       * Returns the given number of characters starting at the current character
       * index, without advancing the scanner and without exceeding the end of the
       * input string.
       */
      peek(count = 1) {
        let { charIndex, string } = this;
        return this.multiByteMode ? string.slice(this.charIndexToByteIndex(charIndex), this.charIndexToByteIndex(charIndex + count)) : string.slice(charIndex, charIndex + count);
      }
      /**
       * Resets the scanner position to the given character _index_, or to the start
       * of the input string if no index is given.
       *
       * If _index_ is negative, the scanner position will be moved backward by that
       * many characters, stopping if the beginning of the string is reached.
       */
      reset(index = 0) {
        this.charIndex = index >= 0 ? Math.min(this.charCount, index) : Math.max(0, this.charIndex + index);
      }
    };
    exports2.StringScanner = StringScanner;
  }
});

// node_modules/@rgrove/parse-xml/dist/lib/syntax.js
var require_syntax = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/lib/syntax.js"(exports2) {
    "use strict";
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.predefinedEntities = exports2.endCharData = exports2.attValueNormalizedWhitespace = exports2.attValueCharSingleQuote = exports2.attValueCharDoubleQuote = void 0;
    exports2.isNameChar = isNameChar;
    exports2.isNameStartChar = isNameStartChar;
    exports2.isReferenceChar = isReferenceChar;
    exports2.isWhitespace = isWhitespace;
    exports2.isXmlCodePoint = isXmlCodePoint;
    exports2.attValueCharDoubleQuote = /["&<]/;
    exports2.attValueCharSingleQuote = /['&<]/;
    exports2.attValueNormalizedWhitespace = /\r\n|[\n\r\t]/g;
    exports2.endCharData = /<|&|]]>/;
    exports2.predefinedEntities = Object.freeze(Object.assign(/* @__PURE__ */ Object.create(null), {
      amp: "&",
      apos: "'",
      gt: ">",
      lt: "<",
      quot: '"'
    }));
    function isNameChar(char) {
      let cp = char.codePointAt(0);
      return cp >= 97 && cp <= 122 || cp >= 65 && cp <= 90 || cp >= 48 && cp <= 57 || cp === 45 || cp === 46 || cp === 183 || cp >= 768 && cp <= 879 || cp === 8255 || cp === 8256 || isNameStartChar(char, cp);
    }
    function isNameStartChar(char, cp = char.codePointAt(0)) {
      return cp >= 97 && cp <= 122 || cp >= 65 && cp <= 90 || cp === 58 || cp === 95 || cp >= 192 && cp <= 214 || cp >= 216 && cp <= 246 || cp >= 248 && cp <= 767 || cp >= 880 && cp <= 893 || cp >= 895 && cp <= 8191 || cp === 8204 || cp === 8205 || cp >= 8304 && cp <= 8591 || cp >= 11264 && cp <= 12271 || cp >= 12289 && cp <= 55295 || cp >= 63744 && cp <= 64975 || cp >= 65008 && cp <= 65533 || cp >= 65536 && cp <= 983039;
    }
    function isReferenceChar(char) {
      return char === "#" || isNameChar(char);
    }
    function isWhitespace(char) {
      let cp = char.codePointAt(0);
      return cp === 32 || cp === 9 || cp === 10 || cp === 13;
    }
    function isXmlCodePoint(cp) {
      return cp >= 32 && cp <= 55295 || cp === 10 || cp === 9 || cp === 13 || cp >= 57344 && cp <= 65533 || cp >= 65536 && cp <= 1114111;
    }
  }
});

// node_modules/@rgrove/parse-xml/dist/lib/XmlNode.js
var require_XmlNode = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/lib/XmlNode.js"(exports2) {
    "use strict";
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.XmlNode = void 0;
    var XmlNode = class _XmlNode {
      constructor() {
        this.parent = null;
        this.start = -1;
        this.end = -1;
      }
      /**
       * Document that contains this node, or `null` if this node is not associated
       * with a document.
       */
      get document() {
        return this.parent?.document ?? null;
      }
      /**
       * Whether this node is the root node of the document (also known as the
       * document element).
       */
      get isRootNode() {
        return this.parent !== null && this.parent === this.document && this.type === _XmlNode.TYPE_ELEMENT;
      }
      /**
       * Whether whitespace should be preserved in the content of this element and
       * its children.
       *
       * This is influenced by the value of the special `xml:space` attribute, and
       * will be `true` for any node whose `xml:space` attribute is set to
       * "preserve". If a node has no such attribute, it will inherit the value of
       * the nearest ancestor that does (if any).
       *
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#sec-white-space
       */
      get preserveWhitespace() {
        return !!this.parent?.preserveWhitespace;
      }
      /**
       * Type of this node.
       *
       * The value of this property is a string that matches one of the static
       * `TYPE_*` properties on the `XmlNode` class (e.g. `TYPE_ELEMENT`,
       * `TYPE_TEXT`, etc.).
       *
       * The `XmlNode` class itself is a base class and doesn't have its own type
       * name.
       */
      get type() {
        return "";
      }
      /**
       * Returns a JSON-serializable object representing this node, minus properties
       * that could result in circular references.
       */
      toJSON() {
        let json2 = {
          type: this.type
        };
        if (this.isRootNode) {
          json2.isRootNode = true;
        }
        if (this.preserveWhitespace) {
          json2.preserveWhitespace = true;
        }
        if (this.start !== -1) {
          json2.start = this.start;
          json2.end = this.end;
        }
        return json2;
      }
    };
    exports2.XmlNode = XmlNode;
    XmlNode.TYPE_CDATA = "cdata";
    XmlNode.TYPE_COMMENT = "comment";
    XmlNode.TYPE_DOCUMENT = "document";
    XmlNode.TYPE_DOCUMENT_TYPE = "doctype";
    XmlNode.TYPE_ELEMENT = "element";
    XmlNode.TYPE_PROCESSING_INSTRUCTION = "pi";
    XmlNode.TYPE_TEXT = "text";
    XmlNode.TYPE_XML_DECLARATION = "xmldecl";
  }
});

// node_modules/@rgrove/parse-xml/dist/lib/XmlText.js
var require_XmlText = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/lib/XmlText.js"(exports2) {
    "use strict";
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.XmlText = void 0;
    var XmlNode_js_1 = require_XmlNode();
    var XmlText = class extends XmlNode_js_1.XmlNode {
      constructor(text = "") {
        super();
        this.text = text;
      }
      get type() {
        return XmlNode_js_1.XmlNode.TYPE_TEXT;
      }
      toJSON() {
        return Object.assign(XmlNode_js_1.XmlNode.prototype.toJSON.call(this), {
          text: this.text
        });
      }
    };
    exports2.XmlText = XmlText;
  }
});

// node_modules/@rgrove/parse-xml/dist/lib/XmlCdata.js
var require_XmlCdata = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/lib/XmlCdata.js"(exports2) {
    "use strict";
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.XmlCdata = void 0;
    var XmlNode_js_1 = require_XmlNode();
    var XmlText_js_1 = require_XmlText();
    var XmlCdata = class extends XmlText_js_1.XmlText {
      get type() {
        return XmlNode_js_1.XmlNode.TYPE_CDATA;
      }
    };
    exports2.XmlCdata = XmlCdata;
  }
});

// node_modules/@rgrove/parse-xml/dist/lib/XmlComment.js
var require_XmlComment = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/lib/XmlComment.js"(exports2) {
    "use strict";
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.XmlComment = void 0;
    var XmlNode_js_1 = require_XmlNode();
    var XmlComment = class extends XmlNode_js_1.XmlNode {
      constructor(content = "") {
        super();
        this.content = content;
      }
      get type() {
        return XmlNode_js_1.XmlNode.TYPE_COMMENT;
      }
      toJSON() {
        return Object.assign(XmlNode_js_1.XmlNode.prototype.toJSON.call(this), {
          content: this.content
        });
      }
    };
    exports2.XmlComment = XmlComment;
  }
});

// node_modules/@rgrove/parse-xml/dist/lib/XmlDeclaration.js
var require_XmlDeclaration = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/lib/XmlDeclaration.js"(exports2) {
    "use strict";
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.XmlDeclaration = void 0;
    var XmlNode_js_1 = require_XmlNode();
    var XmlDeclaration = class extends XmlNode_js_1.XmlNode {
      constructor(version, encoding, standalone) {
        super();
        this.version = version;
        this.encoding = encoding ?? null;
        this.standalone = standalone ?? null;
      }
      get type() {
        return XmlNode_js_1.XmlNode.TYPE_XML_DECLARATION;
      }
      toJSON() {
        let json2 = XmlNode_js_1.XmlNode.prototype.toJSON.call(this);
        json2.version = this.version;
        for (let key of ["encoding", "standalone"]) {
          if (this[key] !== null) {
            json2[key] = this[key];
          }
        }
        return json2;
      }
    };
    exports2.XmlDeclaration = XmlDeclaration;
  }
});

// node_modules/@rgrove/parse-xml/dist/lib/XmlElement.js
var require_XmlElement = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/lib/XmlElement.js"(exports2) {
    "use strict";
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.XmlElement = void 0;
    var XmlNode_js_1 = require_XmlNode();
    var XmlElement2 = class _XmlElement extends XmlNode_js_1.XmlNode {
      constructor(name, attributes = /* @__PURE__ */ Object.create(null), children2 = []) {
        super();
        this.name = name;
        this.attributes = attributes;
        this.children = children2;
      }
      /**
       * Whether this element is empty (meaning it has no children).
       */
      get isEmpty() {
        return this.children.length === 0;
      }
      get preserveWhitespace() {
        let node = this;
        while (node instanceof _XmlElement) {
          if ("xml:space" in node.attributes) {
            return node.attributes["xml:space"] === "preserve";
          }
          node = node.parent;
        }
        return false;
      }
      /**
       * Text content of this element and all its descendants.
       */
      get text() {
        return this.children.map((child) => "text" in child ? child.text : "").join("");
      }
      get type() {
        return XmlNode_js_1.XmlNode.TYPE_ELEMENT;
      }
      toJSON() {
        return Object.assign(XmlNode_js_1.XmlNode.prototype.toJSON.call(this), {
          name: this.name,
          attributes: this.attributes,
          children: this.children.map((child) => child.toJSON())
        });
      }
    };
    exports2.XmlElement = XmlElement2;
  }
});

// node_modules/@rgrove/parse-xml/dist/lib/XmlDocument.js
var require_XmlDocument = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/lib/XmlDocument.js"(exports2) {
    "use strict";
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.XmlDocument = void 0;
    var XmlElement_js_1 = require_XmlElement();
    var XmlNode_js_1 = require_XmlNode();
    var XmlDocument = class extends XmlNode_js_1.XmlNode {
      constructor(children2 = []) {
        super();
        this.children = children2;
      }
      get document() {
        return this;
      }
      /**
       * Root element of this document, or `null` if this document is empty.
       */
      get root() {
        for (let child of this.children) {
          if (child instanceof XmlElement_js_1.XmlElement) {
            return child;
          }
        }
        return null;
      }
      /**
       * Text content of this document and all its descendants.
       */
      get text() {
        return this.children.map((child) => "text" in child ? child.text : "").join("");
      }
      get type() {
        return XmlNode_js_1.XmlNode.TYPE_DOCUMENT;
      }
      toJSON() {
        return Object.assign(XmlNode_js_1.XmlNode.prototype.toJSON.call(this), {
          children: this.children.map((child) => child.toJSON())
        });
      }
    };
    exports2.XmlDocument = XmlDocument;
  }
});

// node_modules/@rgrove/parse-xml/dist/lib/XmlDocumentType.js
var require_XmlDocumentType = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/lib/XmlDocumentType.js"(exports2) {
    "use strict";
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.XmlDocumentType = void 0;
    var XmlNode_js_1 = require_XmlNode();
    var XmlDocumentType = class extends XmlNode_js_1.XmlNode {
      constructor(name, publicId, systemId, internalSubset) {
        super();
        this.name = name;
        this.publicId = publicId ?? null;
        this.systemId = systemId ?? null;
        this.internalSubset = internalSubset ?? null;
      }
      get type() {
        return XmlNode_js_1.XmlNode.TYPE_DOCUMENT_TYPE;
      }
      toJSON() {
        let json2 = XmlNode_js_1.XmlNode.prototype.toJSON.call(this);
        json2.name = this.name;
        for (let key of ["publicId", "systemId", "internalSubset"]) {
          if (this[key] !== null) {
            json2[key] = this[key];
          }
        }
        return json2;
      }
    };
    exports2.XmlDocumentType = XmlDocumentType;
  }
});

// node_modules/@rgrove/parse-xml/dist/lib/XmlError.js
var require_XmlError = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/lib/XmlError.js"(exports2) {
    "use strict";
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.XmlError = void 0;
    var XmlError = class extends Error {
      constructor(message, charIndex, xml) {
        let column = 1;
        let excerpt = "";
        let line = 1;
        for (let i = 0; i < charIndex; ++i) {
          let char = xml[i];
          if (char === "\n") {
            column = 1;
            excerpt = "";
            line += 1;
          } else {
            column += 1;
            excerpt += char;
          }
        }
        let eol = xml.indexOf("\n", charIndex);
        excerpt += eol === -1 ? xml.slice(charIndex) : xml.slice(charIndex, eol);
        let excerptStart = 0;
        if (excerpt.length > 50) {
          if (column < 40) {
            excerpt = excerpt.slice(0, 50);
          } else {
            excerptStart = column - 20;
            excerpt = excerpt.slice(excerptStart, column + 30);
          }
        }
        super(`${message} (line ${line}, column ${column})
  ${excerpt}
` + " ".repeat(column - excerptStart + 1) + "^\n");
        this.column = column;
        this.excerpt = excerpt;
        this.line = line;
        this.name = "XmlError";
        this.pos = charIndex;
      }
    };
    exports2.XmlError = XmlError;
  }
});

// node_modules/@rgrove/parse-xml/dist/lib/XmlProcessingInstruction.js
var require_XmlProcessingInstruction = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/lib/XmlProcessingInstruction.js"(exports2) {
    "use strict";
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.XmlProcessingInstruction = void 0;
    var XmlNode_js_1 = require_XmlNode();
    var XmlProcessingInstruction = class extends XmlNode_js_1.XmlNode {
      constructor(name, content = "") {
        super();
        this.name = name;
        this.content = content;
      }
      get type() {
        return XmlNode_js_1.XmlNode.TYPE_PROCESSING_INSTRUCTION;
      }
      toJSON() {
        return Object.assign(XmlNode_js_1.XmlNode.prototype.toJSON.call(this), {
          name: this.name,
          content: this.content
        });
      }
    };
    exports2.XmlProcessingInstruction = XmlProcessingInstruction;
  }
});

// node_modules/@rgrove/parse-xml/dist/lib/Parser.js
var require_Parser = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/lib/Parser.js"(exports2) {
    "use strict";
    var __createBinding = exports2 && exports2.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __setModuleDefault = exports2 && exports2.__setModuleDefault || (Object.create ? (function(o, v) {
      Object.defineProperty(o, "default", { enumerable: true, value: v });
    }) : function(o, v) {
      o["default"] = v;
    });
    var __importStar = exports2 && exports2.__importStar || function(mod) {
      if (mod && mod.__esModule) return mod;
      var result = {};
      if (mod != null) {
        for (var k in mod) if (k !== "default" && Object.prototype.hasOwnProperty.call(mod, k)) __createBinding(result, mod, k);
      }
      __setModuleDefault(result, mod);
      return result;
    };
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.Parser = void 0;
    var StringScanner_js_1 = require_StringScanner();
    var syntax = __importStar(require_syntax());
    var XmlCdata_js_1 = require_XmlCdata();
    var XmlComment_js_1 = require_XmlComment();
    var XmlDeclaration_js_1 = require_XmlDeclaration();
    var XmlDocument_js_1 = require_XmlDocument();
    var XmlDocumentType_js_1 = require_XmlDocumentType();
    var XmlElement_js_1 = require_XmlElement();
    var XmlError_js_1 = require_XmlError();
    var XmlNode_js_1 = require_XmlNode();
    var XmlProcessingInstruction_js_1 = require_XmlProcessingInstruction();
    var XmlText_js_1 = require_XmlText();
    var emptyString = "";
    var Parser = class {
      /**
       * @param xml XML string to parse.
       * @param options Parser options.
       */
      constructor(xml, options = {}) {
        let doc = this.document = new XmlDocument_js_1.XmlDocument();
        this.currentNode = doc;
        this.options = options;
        this.scanner = new StringScanner_js_1.StringScanner(xml);
        if (this.options.includeOffsets) {
          doc.start = 0;
          doc.end = xml.length;
        }
        this.parse();
      }
      /**
       * Adds the given `XmlNode` as a child of `this.currentNode`.
       */
      addNode(node, charIndex) {
        node.parent = this.currentNode;
        if (this.options.includeOffsets) {
          node.start = this.scanner.charIndexToByteIndex(charIndex);
          node.end = this.scanner.charIndexToByteIndex();
        }
        this.currentNode.children.push(node);
        return true;
      }
      /**
       * Adds the given _text_ to the document, either by appending it to a
       * preceding `XmlText` node (if possible) or by creating a new `XmlText` node.
       *
       * When _normalize_ is `true` (the default), line breaks in _text_ are
       * normalized per section 2.11 of the XML spec. This must be `false` for text
       * that comes from a character or entity reference, since references aren't
       * subject to line break normalization.
       */
      addText(text, charIndex, normalize = true) {
        let { children: children2 } = this.currentNode;
        let { length } = children2;
        if (normalize) {
          text = normalizeLineBreaks(text);
        }
        if (length > 0) {
          let prevNode = children2[length - 1];
          if (prevNode?.type === XmlNode_js_1.XmlNode.TYPE_TEXT) {
            let textNode = prevNode;
            textNode.text += text;
            if (this.options.includeOffsets) {
              textNode.end = this.scanner.charIndexToByteIndex();
            }
            return true;
          }
        }
        return this.addNode(new XmlText_js_1.XmlText(text), charIndex);
      }
      /**
       * Consumes element attributes.
       *
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#sec-starttags
       */
      consumeAttributes() {
        let attributes = /* @__PURE__ */ Object.create(null);
        while (this.consumeWhitespace()) {
          let attrName = this.consumeName();
          if (!attrName) {
            break;
          }
          let attrValue = this.consumeEqual() && this.consumeAttributeValue();
          if (attrValue === false) {
            throw this.error("Attribute value expected");
          }
          if (attrName in attributes) {
            throw this.error(`Duplicate attribute: ${attrName}`);
          }
          if (attrName === "xml:space" && attrValue !== "default" && attrValue !== "preserve") {
            throw this.error('Value of the `xml:space` attribute must be "default" or "preserve"');
          }
          attributes[attrName] = attrValue;
        }
        if (this.options.sortAttributes) {
          let attrNames = Object.keys(attributes).sort();
          let sortedAttributes = /* @__PURE__ */ Object.create(null);
          for (let i = 0; i < attrNames.length; ++i) {
            let attrName = attrNames[i];
            sortedAttributes[attrName] = attributes[attrName];
          }
          attributes = sortedAttributes;
        }
        return attributes;
      }
      /**
       * Consumes an `AttValue` (attribute value) if possible.
       *
       * @returns
       *   Contents of the `AttValue` minus quotes, or `false` if nothing was
       *   consumed. An empty string indicates that an `AttValue` was consumed but
       *   was empty.
       *
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#NT-AttValue
       */
      consumeAttributeValue() {
        let { scanner } = this;
        let quote = scanner.peek();
        if (quote !== '"' && quote !== "'") {
          return false;
        }
        scanner.advance();
        let chars;
        let isClosed = false;
        let value = emptyString;
        let regex = quote === '"' ? syntax.attValueCharDoubleQuote : syntax.attValueCharSingleQuote;
        matchLoop: while (!scanner.isEnd) {
          chars = scanner.consumeUntilMatch(regex);
          if (chars) {
            this.validateChars(chars);
            value += chars.replace(syntax.attValueNormalizedWhitespace, " ");
          }
          switch (scanner.peek()) {
            case quote:
              isClosed = true;
              break matchLoop;
            case "&":
              value += this.consumeReference();
              continue;
            case "<":
              throw this.error("Unescaped `<` is not allowed in an attribute value");
            default:
              break matchLoop;
          }
        }
        if (!isClosed) {
          throw this.error("Unclosed attribute");
        }
        scanner.advance();
        return value;
      }
      /**
       * Consumes a CDATA section if possible.
       *
       * @returns Whether a CDATA section was consumed.
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#sec-cdata-sect
       */
      consumeCdataSection() {
        let { scanner } = this;
        let startIndex = scanner.charIndex;
        if (!scanner.consumeString("<![CDATA[")) {
          return false;
        }
        let text = scanner.consumeUntilString("]]>");
        this.validateChars(text);
        if (!scanner.consumeString("]]>")) {
          throw this.error("Unclosed CDATA section");
        }
        return this.options.preserveCdata ? this.addNode(new XmlCdata_js_1.XmlCdata(normalizeLineBreaks(text)), startIndex) : this.addText(text, startIndex);
      }
      /**
       * Consumes character data if possible.
       *
       * @returns Whether character data was consumed.
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#dt-chardata
       */
      consumeCharData() {
        let { scanner } = this;
        let startIndex = scanner.charIndex;
        let charData = scanner.consumeUntilMatch(syntax.endCharData);
        if (!charData) {
          return false;
        }
        this.validateChars(charData);
        if (scanner.peek(3) === "]]>") {
          throw this.error("Element content may not contain the CDATA section close delimiter `]]>`");
        }
        return this.addText(charData, startIndex);
      }
      /**
       * Consumes a comment if possible.
       *
       * @returns Whether a comment was consumed.
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#NT-Comment
       */
      consumeComment() {
        let { scanner } = this;
        let startIndex = scanner.charIndex;
        if (!scanner.consumeString("<!--")) {
          return false;
        }
        let content = scanner.consumeUntilString("--");
        this.validateChars(content);
        if (!scanner.consumeString("-->")) {
          if (scanner.peek(2) === "--") {
            throw this.error("The string `--` isn't allowed inside a comment");
          }
          throw this.error("Unclosed comment");
        }
        return this.options.preserveComments ? this.addNode(new XmlComment_js_1.XmlComment(normalizeLineBreaks(content)), startIndex) : true;
      }
      /**
       * Consumes a reference in a content context if possible.
       *
       * This differs from `consumeReference()` in that a consumed reference will be
       * added to the document as a text node instead of returned.
       *
       * @returns Whether a reference was consumed.
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#entproc
       */
      consumeContentReference() {
        let startIndex = this.scanner.charIndex;
        let ref = this.consumeReference();
        return ref ? this.addText(ref, startIndex, false) : false;
      }
      /**
       * Consumes a doctype declaration if possible.
       *
       * This is a loose implementation since doctype declarations are currently
       * discarded without further parsing.
       *
       * @returns Whether a doctype declaration was consumed.
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#dtd
       */
      consumeDoctypeDeclaration() {
        let { scanner } = this;
        let startIndex = scanner.charIndex;
        if (!scanner.consumeString("<!DOCTYPE")) {
          return false;
        }
        let name = this.consumeWhitespace() && this.consumeName();
        if (!name) {
          throw this.error("Expected a name");
        }
        let publicId;
        let systemId;
        if (this.consumeWhitespace()) {
          if (scanner.consumeString("PUBLIC")) {
            publicId = this.consumeWhitespace() && this.consumePubidLiteral();
            if (publicId === false) {
              throw this.error("Expected a public identifier");
            }
            this.consumeWhitespace();
          }
          if (publicId !== void 0 || scanner.consumeString("SYSTEM")) {
            this.consumeWhitespace();
            systemId = this.consumeSystemLiteral();
            if (systemId === false) {
              throw this.error("Expected a system identifier");
            }
            this.consumeWhitespace();
          }
        }
        let internalSubset;
        if (scanner.consumeString("[")) {
          internalSubset = scanner.consumeUntilMatch(/\][\x20\t\r\n]*>/);
          if (!scanner.consumeString("]")) {
            throw this.error("Unclosed internal subset");
          }
          this.consumeWhitespace();
        }
        if (!scanner.consumeString(">")) {
          throw this.error("Unclosed doctype declaration");
        }
        return this.options.preserveDocumentType ? this.addNode(new XmlDocumentType_js_1.XmlDocumentType(name, publicId, systemId, internalSubset), startIndex) : true;
      }
      /**
       * Consumes an element if possible.
       *
       * @returns Whether an element was consumed.
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#NT-element
       */
      consumeElement() {
        let { scanner } = this;
        let startIndex = scanner.charIndex;
        if (!scanner.consumeString("<")) {
          return false;
        }
        let name = this.consumeName();
        if (!name) {
          scanner.reset(startIndex);
          return false;
        }
        let attributes = this.consumeAttributes();
        let isEmpty = !!scanner.consumeString("/>");
        let element = new XmlElement_js_1.XmlElement(name, attributes);
        element.parent = this.currentNode;
        if (!isEmpty) {
          if (!scanner.consumeString(">")) {
            throw this.error(`Unclosed start tag for element \`${name}\``);
          }
          this.currentNode = element;
          do {
            this.consumeCharData();
          } while (this.consumeElement() || this.consumeContentReference() || this.consumeCdataSection() || this.consumeProcessingInstruction() || this.consumeComment());
          let endTagMark = scanner.charIndex;
          let endTagName;
          if (!scanner.consumeString("</") || !(endTagName = this.consumeName()) || endTagName !== name) {
            scanner.reset(endTagMark);
            throw this.error(`Missing end tag for element ${name}`);
          }
          this.consumeWhitespace();
          if (!scanner.consumeString(">")) {
            throw this.error(`Unclosed end tag for element ${name}`);
          }
          this.currentNode = element.parent;
        }
        return this.addNode(element, startIndex);
      }
      /**
       * Consumes an `Eq` production if possible.
       *
       * @returns Whether an `Eq` production was consumed.
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#NT-Eq
       */
      consumeEqual() {
        this.consumeWhitespace();
        if (this.scanner.consumeString("=")) {
          this.consumeWhitespace();
          return true;
        }
        return false;
      }
      /**
       * Consumes `Misc` content if possible.
       *
       * @returns Whether anything was consumed.
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#NT-Misc
       */
      consumeMisc() {
        return this.consumeComment() || this.consumeProcessingInstruction() || this.consumeWhitespace();
      }
      /**
       * Consumes one or more `Name` characters if possible.
       *
       * @returns `Name` characters, or an empty string if none were consumed.
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#NT-Name
       */
      consumeName() {
        return syntax.isNameStartChar(this.scanner.peek()) ? this.scanner.consumeMatchFn(syntax.isNameChar) : emptyString;
      }
      /**
       * Consumes a processing instruction if possible.
       *
       * @returns Whether a processing instruction was consumed.
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#sec-pi
       */
      consumeProcessingInstruction() {
        let { scanner } = this;
        let startIndex = scanner.charIndex;
        if (!scanner.consumeString("<?")) {
          return false;
        }
        let name = this.consumeName();
        if (name) {
          if (name.toLowerCase() === "xml") {
            scanner.reset(startIndex);
            throw this.error("XML declaration isn't allowed here");
          }
        } else {
          throw this.error("Invalid processing instruction");
        }
        if (!this.consumeWhitespace()) {
          if (scanner.consumeString("?>")) {
            return this.addNode(new XmlProcessingInstruction_js_1.XmlProcessingInstruction(name), startIndex);
          }
          throw this.error("Whitespace is required after a processing instruction name");
        }
        let content = scanner.consumeUntilString("?>");
        this.validateChars(content);
        if (!scanner.consumeString("?>")) {
          throw this.error("Unterminated processing instruction");
        }
        return this.addNode(new XmlProcessingInstruction_js_1.XmlProcessingInstruction(name, normalizeLineBreaks(content)), startIndex);
      }
      /**
       * Consumes a prolog if possible.
       *
       * @returns Whether a prolog was consumed.
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#sec-prolog-dtd
       */
      consumeProlog() {
        let { scanner } = this;
        let startIndex = scanner.charIndex;
        this.consumeXmlDeclaration();
        while (this.consumeMisc()) {
        }
        if (this.consumeDoctypeDeclaration()) {
          while (this.consumeMisc()) {
          }
        }
        return startIndex < scanner.charIndex;
      }
      /**
       * Consumes a public identifier literal if possible.
       *
       * @returns
       *   Value of the public identifier literal minus quotes, or `false` if
       *   nothing was consumed. An empty string indicates that a public id literal
       *   was consumed but was empty.
       *
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#NT-PubidLiteral
       */
      consumePubidLiteral() {
        let startIndex = this.scanner.charIndex;
        let value = this.consumeSystemLiteral();
        if (value !== false && !/^[-\x20\r\na-zA-Z0-9'()+,./:=?;!*#@$_%]*$/.test(value)) {
          this.scanner.reset(startIndex);
          throw this.error("Invalid character in public identifier");
        }
        return value;
      }
      /**
       * Consumes a reference if possible.
       *
       * This differs from `consumeContentReference()` in that a consumed reference
       * will be returned rather than added to the document.
       *
       * @returns
       *   Parsed reference value, or `false` if nothing was consumed (to
       *   distinguish from a reference that resolves to an empty string).
       *
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#NT-Reference
       */
      consumeReference() {
        let { scanner } = this;
        if (!scanner.consumeString("&")) {
          return false;
        }
        let ref = scanner.consumeMatchFn(syntax.isReferenceChar);
        if (scanner.consume() !== ";") {
          throw this.error("Unterminated reference (a reference must end with `;`)");
        }
        let parsedValue;
        if (ref[0] === "#") {
          let codePoint = ref[1] === "x" ? parseInt(ref.slice(2), 16) : parseInt(ref.slice(1), 10);
          if (isNaN(codePoint) || !/^#(?:x[0-9A-Fa-f]+|[0-9]+)$/.test(ref)) {
            throw this.error("Invalid character reference");
          }
          if (!syntax.isXmlCodePoint(codePoint)) {
            throw this.error("Character reference resolves to an invalid character");
          }
          parsedValue = String.fromCodePoint(codePoint);
        } else {
          parsedValue = syntax.predefinedEntities[ref];
          if (parsedValue === void 0) {
            let { ignoreUndefinedEntities, resolveUndefinedEntity } = this.options;
            let wrappedRef = `&${ref};`;
            if (resolveUndefinedEntity) {
              let resolvedValue = resolveUndefinedEntity(wrappedRef);
              if (resolvedValue !== null && resolvedValue !== void 0) {
                let type = typeof resolvedValue;
                if (type !== "string") {
                  throw new TypeError(`\`resolveUndefinedEntity()\` must return a string, \`null\`, or \`undefined\`, but returned a value of type ${type}`);
                }
                return resolvedValue;
              }
            }
            if (ignoreUndefinedEntities) {
              return wrappedRef;
            }
            scanner.reset(-wrappedRef.length);
            throw this.error(`Named entity isn't defined: ${wrappedRef}`);
          }
        }
        return parsedValue;
      }
      /**
       * Consumes a `SystemLiteral` if possible.
       *
       * A `SystemLiteral` is similar to an attribute value, but allows the
       * characters `<` and `&` and doesn't replace references.
       *
       * @returns
       *   Value of the `SystemLiteral` minus quotes, or `false` if nothing was
       *   consumed. An empty string indicates that a `SystemLiteral` was consumed
       *   but was empty.
       *
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#NT-SystemLiteral
       */
      consumeSystemLiteral() {
        let { scanner } = this;
        let quote = scanner.consumeString('"') || scanner.consumeString("'");
        if (!quote) {
          return false;
        }
        let value = scanner.consumeUntilString(quote);
        this.validateChars(value);
        if (!scanner.consumeString(quote)) {
          throw this.error("Missing end quote");
        }
        return value;
      }
      /**
       * Consumes one or more whitespace characters if possible.
       *
       * @returns Whether any whitespace characters were consumed.
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#white
       */
      consumeWhitespace() {
        return !!this.scanner.consumeMatchFn(syntax.isWhitespace);
      }
      /**
       * Consumes an XML declaration if possible.
       *
       * @returns Whether an XML declaration was consumed.
       * @see https://www.w3.org/TR/2008/REC-xml-20081126/#NT-XMLDecl
       */
      consumeXmlDeclaration() {
        let { scanner } = this;
        let startIndex = scanner.charIndex;
        if (!scanner.consumeString("<?xml")) {
          return false;
        }
        if (syntax.isNameChar(scanner.peek())) {
          scanner.reset(startIndex);
          return false;
        }
        if (!this.consumeWhitespace()) {
          throw this.error("Invalid XML declaration");
        }
        let version = !!scanner.consumeString("version") && this.consumeEqual() && this.consumeSystemLiteral();
        if (version === false) {
          throw this.error("XML version is missing or invalid");
        } else if (!/^1\.[0-9]+$/.test(version)) {
          throw this.error("Invalid character in version number");
        }
        let encoding;
        let standalone;
        if (this.consumeWhitespace()) {
          encoding = !!scanner.consumeString("encoding") && this.consumeEqual() && this.consumeSystemLiteral();
          if (encoding) {
            if (!/^[A-Za-z][\w.-]*$/.test(encoding)) {
              throw this.error("Invalid character in encoding name");
            }
            this.consumeWhitespace();
          }
          standalone = !!scanner.consumeString("standalone") && this.consumeEqual() && this.consumeSystemLiteral();
          if (standalone) {
            if (standalone !== "yes" && standalone !== "no") {
              throw this.error('Only "yes" and "no" are permitted as values of `standalone`');
            }
            this.consumeWhitespace();
          }
        }
        if (!scanner.consumeString("?>")) {
          throw this.error("Invalid or unclosed XML declaration");
        }
        return this.options.preserveXmlDeclaration ? this.addNode(new XmlDeclaration_js_1.XmlDeclaration(version, encoding || void 0, standalone || void 0), startIndex) : true;
      }
      /**
       * Returns an `XmlError` for the current scanner position.
       */
      error(message) {
        let { scanner } = this;
        return new XmlError_js_1.XmlError(message, scanner.charIndex, scanner.string);
      }
      /**
       * Parses the XML input.
       */
      parse() {
        this.scanner.consumeString("\uFEFF");
        this.consumeProlog();
        if (!this.consumeElement()) {
          throw this.error("Root element is missing or invalid");
        }
        while (this.consumeMisc()) {
        }
        if (!this.scanner.isEnd) {
          throw this.error("Extra content at the end of the document");
        }
      }
      /**
       * Throws an invalid character error if any character in the given _string_
       * isn't a valid XML character.
       */
      validateChars(string) {
        let { length } = string;
        for (let i = 0; i < length; ++i) {
          let cp = string.codePointAt(i);
          if (!syntax.isXmlCodePoint(cp)) {
            this.scanner.reset(-([...string].length - i));
            throw this.error("Invalid character");
          }
          if (cp > 65535) {
            i += 1;
          }
        }
      }
    };
    exports2.Parser = Parser;
    function normalizeLineBreaks(text) {
      let i = 0;
      while ((i = text.indexOf("\r", i)) !== -1) {
        text = text[i + 1] === "\n" ? text.slice(0, i) + text.slice(i + 1) : text.slice(0, i) + "\n" + text.slice(i + 1);
      }
      return text;
    }
  }
});

// node_modules/@rgrove/parse-xml/dist/lib/types.js
var require_types = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/lib/types.js"(exports2) {
    "use strict";
    Object.defineProperty(exports2, "__esModule", { value: true });
  }
});

// node_modules/@rgrove/parse-xml/dist/index.js
var require_dist = __commonJS({
  "node_modules/@rgrove/parse-xml/dist/index.js"(exports2) {
    "use strict";
    var __createBinding = exports2 && exports2.__createBinding || (Object.create ? (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      var desc = Object.getOwnPropertyDescriptor(m, k);
      if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
        desc = { enumerable: true, get: function() {
          return m[k];
        } };
      }
      Object.defineProperty(o, k2, desc);
    }) : (function(o, m, k, k2) {
      if (k2 === void 0) k2 = k;
      o[k2] = m[k];
    }));
    var __exportStar = exports2 && exports2.__exportStar || function(m, exports3) {
      for (var p in m) if (p !== "default" && !Object.prototype.hasOwnProperty.call(exports3, p)) __createBinding(exports3, m, p);
    };
    Object.defineProperty(exports2, "__esModule", { value: true });
    exports2.XmlText = exports2.XmlProcessingInstruction = exports2.XmlNode = exports2.XmlError = exports2.XmlElement = exports2.XmlDocumentType = exports2.XmlDocument = exports2.XmlDeclaration = exports2.XmlComment = exports2.XmlCdata = void 0;
    exports2.parseXml = parseXml2;
    var Parser_js_1 = require_Parser();
    __exportStar(require_types(), exports2);
    var XmlCdata_js_1 = require_XmlCdata();
    Object.defineProperty(exports2, "XmlCdata", { enumerable: true, get: function() {
      return XmlCdata_js_1.XmlCdata;
    } });
    var XmlComment_js_1 = require_XmlComment();
    Object.defineProperty(exports2, "XmlComment", { enumerable: true, get: function() {
      return XmlComment_js_1.XmlComment;
    } });
    var XmlDeclaration_js_1 = require_XmlDeclaration();
    Object.defineProperty(exports2, "XmlDeclaration", { enumerable: true, get: function() {
      return XmlDeclaration_js_1.XmlDeclaration;
    } });
    var XmlDocument_js_1 = require_XmlDocument();
    Object.defineProperty(exports2, "XmlDocument", { enumerable: true, get: function() {
      return XmlDocument_js_1.XmlDocument;
    } });
    var XmlDocumentType_js_1 = require_XmlDocumentType();
    Object.defineProperty(exports2, "XmlDocumentType", { enumerable: true, get: function() {
      return XmlDocumentType_js_1.XmlDocumentType;
    } });
    var XmlElement_js_1 = require_XmlElement();
    Object.defineProperty(exports2, "XmlElement", { enumerable: true, get: function() {
      return XmlElement_js_1.XmlElement;
    } });
    var XmlError_js_1 = require_XmlError();
    Object.defineProperty(exports2, "XmlError", { enumerable: true, get: function() {
      return XmlError_js_1.XmlError;
    } });
    var XmlNode_js_1 = require_XmlNode();
    Object.defineProperty(exports2, "XmlNode", { enumerable: true, get: function() {
      return XmlNode_js_1.XmlNode;
    } });
    var XmlProcessingInstruction_js_1 = require_XmlProcessingInstruction();
    Object.defineProperty(exports2, "XmlProcessingInstruction", { enumerable: true, get: function() {
      return XmlProcessingInstruction_js_1.XmlProcessingInstruction;
    } });
    var XmlText_js_1 = require_XmlText();
    Object.defineProperty(exports2, "XmlText", { enumerable: true, get: function() {
      return XmlText_js_1.XmlText;
    } });
    function parseXml2(xml, options) {
      return new Parser_js_1.Parser(xml, options).document;
    }
  }
});

// node_modules/prom-client/lib/util.js
var require_util = __commonJS({
  "node_modules/prom-client/lib/util.js"(exports2) {
    "use strict";
    exports2.getValueAsString = function getValueString(value) {
      if (Number.isNaN(value)) {
        return "Nan";
      } else if (!Number.isFinite(value)) {
        if (value < 0) {
          return "-Inf";
        } else {
          return "+Inf";
        }
      } else {
        return `${value}`;
      }
    };
    exports2.removeLabels = function removeLabels(hashMap, labels, sortedLabelNames) {
      const hash = hashObject(labels, sortedLabelNames);
      delete hashMap[hash];
    };
    exports2.setValue = function setValue(hashMap, value, labels) {
      const hash = hashObject(labels);
      hashMap[hash] = {
        value: typeof value === "number" ? value : 0,
        labels: labels || {}
      };
      return hashMap;
    };
    exports2.setValueDelta = function setValueDelta(hashMap, deltaValue, labels, hash = "") {
      const value = typeof deltaValue === "number" ? deltaValue : 0;
      if (hashMap[hash]) {
        hashMap[hash].value += value;
      } else {
        hashMap[hash] = { value, labels };
      }
      return hashMap;
    };
    exports2.getLabels = function(labelNames, args) {
      if (typeof args[0] === "object") {
        return args[0];
      }
      if (labelNames.length !== args.length) {
        throw new Error(
          `Invalid number of arguments (${args.length}): "${args.join(
            ", "
          )}" for label names (${labelNames.length}): "${labelNames.join(", ")}".`
        );
      }
      const acc = {};
      for (let i = 0; i < labelNames.length; i++) {
        acc[labelNames[i]] = args[i];
      }
      return acc;
    };
    function fastHashObject(keys, labels) {
      if (keys.length === 0) {
        return "";
      }
      let hash = "";
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i];
        const value = labels[key];
        if (value === void 0) continue;
        hash += `${key}:${value},`;
      }
      return hash;
    }
    function hashObject(labels, labelNames) {
      if (labelNames) {
        return fastHashObject(labelNames, labels);
      }
      const keys = Object.keys(labels);
      if (keys.length > 1) {
        keys.sort();
      }
      return fastHashObject(keys, labels);
    }
    exports2.hashObject = hashObject;
    exports2.isObject = function isObject(obj) {
      return obj !== null && typeof obj === "object";
    };
    exports2.nowTimestamp = function nowTimestamp() {
      return Date.now() / 1e3;
    };
    var Grouper = class extends Map {
      /**
       * Adds the `value` to the `key`'s array of values.
       * @param {*} key Key to set.
       * @param {*} value Value to add to `key`'s array.
       * @returns {undefined} undefined.
       */
      add(key, value) {
        if (this.has(key)) {
          this.get(key).push(value);
        } else {
          this.set(key, [value]);
        }
      }
    };
    exports2.Grouper = Grouper;
  }
});

// node_modules/prom-client/lib/registry.js
var require_registry = __commonJS({
  "node_modules/prom-client/lib/registry.js"(exports2, module2) {
    "use strict";
    var { getValueAsString } = require_util();
    var Registry2 = class _Registry {
      static get PROMETHEUS_CONTENT_TYPE() {
        return "text/plain; version=0.0.4; charset=utf-8";
      }
      static get OPENMETRICS_CONTENT_TYPE() {
        return "application/openmetrics-text; version=1.0.0; charset=utf-8";
      }
      constructor(regContentType = _Registry.PROMETHEUS_CONTENT_TYPE) {
        this._metrics = {};
        this._collectors = [];
        this._defaultLabels = {};
        if (regContentType !== _Registry.PROMETHEUS_CONTENT_TYPE && regContentType !== _Registry.OPENMETRICS_CONTENT_TYPE) {
          throw new TypeError(`Content type ${regContentType} is unsupported`);
        }
        this._contentType = regContentType;
      }
      getMetricsAsArray() {
        return Object.values(this._metrics);
      }
      async getMetricsAsString(metrics) {
        const metric = typeof metrics.getForPromString === "function" ? await metrics.getForPromString() : await metrics.get();
        const name = escapeString(metric.name);
        const help2 = `# HELP ${name} ${escapeString(metric.help)}`;
        const type = `# TYPE ${name} ${metric.type}`;
        const values = [help2, type];
        const defaultLabels = Object.keys(this._defaultLabels).length > 0 ? this._defaultLabels : null;
        const isOpenMetrics = this.contentType === _Registry.OPENMETRICS_CONTENT_TYPE;
        for (const val of metric.values || []) {
          let { metricName = name, labels = {} } = val;
          const { sharedLabels = {} } = val;
          if (isOpenMetrics && metric.type === "counter") {
            metricName = `${metricName}_total`;
          }
          if (defaultLabels) {
            labels = { ...labels, ...defaultLabels, ...labels };
          }
          const formattedLabels = formatLabels(labels, sharedLabels);
          const flattenedShared = flattenSharedLabels(sharedLabels);
          const labelParts = [...formattedLabels, flattenedShared].filter(Boolean);
          const labelsString = labelParts.length ? `{${labelParts.join(",")}}` : "";
          let fullMetricLine = `${metricName}${labelsString} ${getValueAsString(
            val.value
          )}`;
          const { exemplar } = val;
          if (exemplar && isOpenMetrics) {
            const formattedExemplars = formatLabels(exemplar.labelSet);
            fullMetricLine += ` # {${formattedExemplars.join(
              ","
            )}} ${getValueAsString(exemplar.value)} ${exemplar.timestamp}`;
          }
          values.push(fullMetricLine);
        }
        return values.join("\n");
      }
      async metrics() {
        const isOpenMetrics = this.contentType === _Registry.OPENMETRICS_CONTENT_TYPE;
        const promises = this.getMetricsAsArray().map((metric) => {
          if (isOpenMetrics && metric.type === "counter") {
            metric.name = standardizeCounterName(metric.name);
          }
          return this.getMetricsAsString(metric);
        });
        const resolves = await Promise.all(promises);
        return isOpenMetrics ? `${resolves.join("\n")}
# EOF
` : `${resolves.join("\n\n")}
`;
      }
      registerMetric(metric) {
        if (this._metrics[metric.name] && this._metrics[metric.name] !== metric) {
          throw new Error(
            `A metric with the name ${metric.name} has already been registered.`
          );
        }
        this._metrics[metric.name] = metric;
      }
      clear() {
        this._metrics = {};
        this._defaultLabels = {};
      }
      async getMetricsAsJSON() {
        const metrics = [];
        const defaultLabelNames = Object.keys(this._defaultLabels);
        const promises = [];
        for (const metric of this.getMetricsAsArray()) {
          promises.push(metric.get());
        }
        const resolves = await Promise.all(promises);
        for (const item of resolves) {
          if (item.values && defaultLabelNames.length > 0) {
            for (const val of item.values) {
              val.labels = Object.assign({}, val.labels);
              for (const labelName of defaultLabelNames) {
                val.labels[labelName] = val.labels[labelName] || this._defaultLabels[labelName];
              }
            }
          }
          metrics.push(item);
        }
        return metrics;
      }
      removeSingleMetric(name) {
        delete this._metrics[name];
      }
      getSingleMetricAsString(name) {
        return this.getMetricsAsString(this._metrics[name]);
      }
      getSingleMetric(name) {
        return this._metrics[name];
      }
      setDefaultLabels(labels) {
        this._defaultLabels = labels;
      }
      resetMetrics() {
        for (const metric in this._metrics) {
          this._metrics[metric].reset();
        }
      }
      get contentType() {
        return this._contentType;
      }
      setContentType(metricsContentType) {
        if (metricsContentType === _Registry.OPENMETRICS_CONTENT_TYPE || metricsContentType === _Registry.PROMETHEUS_CONTENT_TYPE) {
          this._contentType = metricsContentType;
        } else {
          throw new Error(`Content type ${metricsContentType} is unsupported`);
        }
      }
      static merge(registers) {
        const regType = registers[0].contentType;
        for (const reg of registers) {
          if (reg.contentType !== regType) {
            throw new Error(
              "Registers can only be merged if they have the same content type"
            );
          }
        }
        const mergedRegistry = new _Registry(regType);
        const metricsToMerge = registers.reduce(
          (acc, reg) => acc.concat(reg.getMetricsAsArray()),
          []
        );
        metricsToMerge.forEach(mergedRegistry.registerMetric, mergedRegistry);
        return mergedRegistry;
      }
    };
    function formatLabels(labels, exclude) {
      const { hasOwnProperty } = Object.prototype;
      const formatted = [];
      for (const [name, value] of Object.entries(labels)) {
        if (!exclude || !hasOwnProperty.call(exclude, name)) {
          formatted.push(`${name}="${escapeLabelValue(value)}"`);
        }
      }
      return formatted;
    }
    var sharedLabelCache = /* @__PURE__ */ new WeakMap();
    function flattenSharedLabels(labels) {
      const cached = sharedLabelCache.get(labels);
      if (cached) {
        return cached;
      }
      const formattedLabels = formatLabels(labels);
      const flattened = formattedLabels.join(",");
      sharedLabelCache.set(labels, flattened);
      return flattened;
    }
    function escapeLabelValue(str) {
      if (typeof str !== "string") {
        return str;
      }
      return escapeString(str).replace(/"/g, '\\"');
    }
    function escapeString(str) {
      return str.replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
    }
    function standardizeCounterName(name) {
      return name.replace(/_total$/, "");
    }
    module2.exports = Registry2;
    module2.exports.globalRegistry = new Registry2();
  }
});

// node_modules/prom-client/lib/validation.js
var require_validation = __commonJS({
  "node_modules/prom-client/lib/validation.js"(exports2) {
    "use strict";
    var util = require("util");
    var metricRegexp = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
    var labelRegexp = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
    exports2.validateMetricName = function(name) {
      return metricRegexp.test(name);
    };
    exports2.validateLabelName = function(names = []) {
      return names.every((name) => labelRegexp.test(name));
    };
    exports2.validateLabel = function validateLabel(savedLabels, labels) {
      for (const label2 in labels) {
        if (!savedLabels.includes(label2)) {
          throw new Error(
            `Added label "${label2}" is not included in initial labelset: ${util.inspect(
              savedLabels
            )}`
          );
        }
      }
    };
  }
});

// node_modules/prom-client/lib/metric.js
var require_metric = __commonJS({
  "node_modules/prom-client/lib/metric.js"(exports2, module2) {
    "use strict";
    var Registry2 = require_registry();
    var { isObject } = require_util();
    var { validateMetricName, validateLabelName } = require_validation();
    var Metric = class {
      constructor(config, defaults = {}) {
        if (!isObject(config)) {
          throw new TypeError("constructor expected a config object");
        }
        Object.assign(
          this,
          {
            labelNames: [],
            registers: [Registry2.globalRegistry],
            aggregator: "sum",
            enableExemplars: false
          },
          defaults,
          config
        );
        if (!this.registers) {
          this.registers = [Registry2.globalRegistry];
        }
        if (!this.help) {
          throw new Error("Missing mandatory help parameter");
        }
        if (!this.name) {
          throw new Error("Missing mandatory name parameter");
        }
        if (!validateMetricName(this.name)) {
          throw new Error("Invalid metric name");
        }
        if (!validateLabelName(this.labelNames)) {
          throw new Error("Invalid label name");
        }
        if (this.collect && typeof this.collect !== "function") {
          throw new Error('Optional "collect" parameter must be a function');
        }
        if (this.labelNames) {
          this.sortedLabelNames = [...this.labelNames].sort();
        } else {
          this.sortedLabelNames = [];
        }
        this.reset();
        for (const register of this.registers) {
          if (this.enableExemplars && register.contentType === Registry2.PROMETHEUS_CONTENT_TYPE) {
            throw new TypeError(
              "Exemplars are supported only on OpenMetrics registries"
            );
          }
          register.registerMetric(this);
        }
      }
      reset() {
      }
    };
    module2.exports = { Metric };
  }
});

// node_modules/prom-client/lib/exemplar.js
var require_exemplar = __commonJS({
  "node_modules/prom-client/lib/exemplar.js"(exports2, module2) {
    "use strict";
    var Exemplar = class {
      constructor(labelSet = {}, value = null) {
        this.labelSet = labelSet;
        this.value = value;
      }
      /**
       * Validation for the label set format.
       * https://github.com/OpenObservability/OpenMetrics/blob/d99b705f611b75fec8f450b05e344e02eea6921d/specification/OpenMetrics.md#exemplars
       *
       * @param {object} labelSet - Exemplar labels.
       * @throws {RangeError}
       * @return {void}
       */
      validateExemplarLabelSet(labelSet) {
        let res = "";
        for (const [labelName, labelValue] of Object.entries(labelSet)) {
          res += `${labelName}${labelValue}`;
        }
        if (res.length > 128) {
          throw new RangeError(
            "Label set size must be smaller than 128 UTF-8 chars"
          );
        }
      }
    };
    module2.exports = Exemplar;
  }
});

// node_modules/prom-client/lib/counter.js
var require_counter = __commonJS({
  "node_modules/prom-client/lib/counter.js"(exports2, module2) {
    "use strict";
    var util = require("util");
    var {
      hashObject,
      isObject,
      getLabels,
      removeLabels,
      nowTimestamp
    } = require_util();
    var { validateLabel } = require_validation();
    var { Metric } = require_metric();
    var Exemplar = require_exemplar();
    var Counter2 = class extends Metric {
      constructor(config) {
        super(config);
        this.type = "counter";
        this.defaultLabels = {};
        this.defaultValue = 1;
        this.defaultExemplarLabelSet = {};
        if (config.enableExemplars) {
          this.enableExemplars = true;
          this.inc = this.incWithExemplar;
        } else {
          this.inc = this.incWithoutExemplar;
        }
      }
      /**
       * Increment counter
       * @param {object} labels - What label you want to be incremented
       * @param {Number} value - Value to increment, if omitted increment with 1
       * @returns {object} results - object with information about the inc operation
       * @returns {string} results.labelHash - hash representation of the labels
       */
      incWithoutExemplar(labels, value) {
        let hash = "";
        if (isObject(labels)) {
          hash = hashObject(labels, this.sortedLabelNames);
          validateLabel(this.labelNames, labels);
        } else {
          value = labels;
          labels = {};
        }
        if (value && !Number.isFinite(value)) {
          throw new TypeError(`Value is not a valid number: ${util.format(value)}`);
        }
        if (value < 0) {
          throw new Error("It is not possible to decrease a counter");
        }
        if (value === null || value === void 0) value = 1;
        setValue(this.hashMap, value, labels, hash);
        return { labelHash: hash };
      }
      /**
       * Increment counter with exemplar, same as inc but accepts labels for an
       * exemplar.
       * If no label is provided the current exemplar labels are kept unchanged
       * (defaults to empty set).
       *
       * @param {object} incOpts - Object with options about what metric to increase
       * @param {object} incOpts.labels - What label you want to be incremented,
       *                                  defaults to null (metric with no labels)
       * @param {Number} incOpts.value - Value to increment, defaults to 1
       * @param {object} incOpts.exemplarLabels - Key-value  labels for the
       *                                          exemplar, defaults to empty set {}
       * @returns {void}
       */
      incWithExemplar({
        labels = this.defaultLabels,
        value = this.defaultValue,
        exemplarLabels = this.defaultExemplarLabelSet
      } = {}) {
        const res = this.incWithoutExemplar(labels, value);
        this.updateExemplar(exemplarLabels, value, res.labelHash);
      }
      updateExemplar(exemplarLabels, value, hash) {
        if (exemplarLabels === this.defaultExemplarLabelSet) return;
        if (!isObject(this.hashMap[hash].exemplar)) {
          this.hashMap[hash].exemplar = new Exemplar();
        }
        this.hashMap[hash].exemplar.validateExemplarLabelSet(exemplarLabels);
        this.hashMap[hash].exemplar.labelSet = exemplarLabels;
        this.hashMap[hash].exemplar.value = value ? value : 1;
        this.hashMap[hash].exemplar.timestamp = nowTimestamp();
      }
      /**
       * Reset counter
       * @returns {void}
       */
      reset() {
        this.hashMap = {};
        if (this.labelNames.length === 0) {
          setValue(this.hashMap, 0);
        }
      }
      async get() {
        if (this.collect) {
          const v = this.collect();
          if (v instanceof Promise) await v;
        }
        return {
          help: this.help,
          name: this.name,
          type: this.type,
          values: Object.values(this.hashMap),
          aggregator: this.aggregator
        };
      }
      labels(...args) {
        const labels = getLabels(this.labelNames, args) || {};
        return {
          inc: this.inc.bind(this, labels)
        };
      }
      remove(...args) {
        const labels = getLabels(this.labelNames, args) || {};
        validateLabel(this.labelNames, labels);
        return removeLabels.call(this, this.hashMap, labels, this.sortedLabelNames);
      }
    };
    function setValue(hashMap, value, labels = {}, hash = "") {
      if (hashMap[hash]) {
        hashMap[hash].value += value;
      } else {
        hashMap[hash] = { value, labels };
      }
      return hashMap;
    }
    module2.exports = Counter2;
  }
});

// node_modules/prom-client/lib/gauge.js
var require_gauge = __commonJS({
  "node_modules/prom-client/lib/gauge.js"(exports2, module2) {
    "use strict";
    var util = require("util");
    var {
      setValue,
      setValueDelta,
      getLabels,
      hashObject,
      isObject,
      removeLabels
    } = require_util();
    var { validateLabel } = require_validation();
    var { Metric } = require_metric();
    var Gauge2 = class extends Metric {
      constructor(config) {
        super(config);
        this.type = "gauge";
      }
      /**
       * Set a gauge to a value
       * @param {object} labels - Object with labels and their values
       * @param {Number} value - Value to set the gauge to, must be positive
       * @returns {void}
       */
      set(labels, value) {
        value = getValueArg(labels, value);
        labels = getLabelArg(labels);
        set(this, labels, value);
      }
      /**
       * Reset gauge
       * @returns {void}
       */
      reset() {
        this.hashMap = {};
        if (this.labelNames.length === 0) {
          setValue(this.hashMap, 0, {});
        }
      }
      /**
       * Increment a gauge value
       * @param {object} labels - Object with labels where key is the label key and value is label value. Can only be one level deep
       * @param {Number} value - Value to increment - if omitted, increment with 1
       * @returns {void}
       */
      inc(labels, value) {
        value = getValueArg(labels, value);
        labels = getLabelArg(labels);
        if (value === void 0) value = 1;
        setDelta(this, labels, value);
      }
      /**
       * Decrement a gauge value
       * @param {object} labels - Object with labels where key is the label key and value is label value. Can only be one level deep
       * @param {Number} value - Value to decrement - if omitted, decrement with 1
       * @returns {void}
       */
      dec(labels, value) {
        value = getValueArg(labels, value);
        labels = getLabelArg(labels);
        if (value === void 0) value = 1;
        setDelta(this, labels, -value);
      }
      /**
       * Set the gauge to current unix epoch
       * @param {object} labels - Object with labels where key is the label key and value is label value. Can only be one level deep
       * @returns {void}
       */
      setToCurrentTime(labels) {
        const now = Date.now() / 1e3;
        if (labels === void 0) {
          this.set(now);
        } else {
          this.set(labels, now);
        }
      }
      /**
       * Start a timer
       * @param {object} labels - Object with labels where key is the label key and value is label value. Can only be one level deep
       * @returns {function} - Invoke this function to set the duration in seconds since you started the timer.
       * @example
       * var done = gauge.startTimer();
       * makeXHRRequest(function(err, response) {
       *  done(); //Duration of the request will be saved
       * });
       */
      startTimer(labels) {
        const start = process.hrtime();
        return (endLabels) => {
          const delta = process.hrtime(start);
          const value = delta[0] + delta[1] / 1e9;
          this.set(Object.assign({}, labels, endLabels), value);
          return value;
        };
      }
      async get() {
        if (this.collect) {
          const v = this.collect();
          if (v instanceof Promise) await v;
        }
        return {
          help: this.help,
          name: this.name,
          type: this.type,
          values: Object.values(this.hashMap),
          aggregator: this.aggregator
        };
      }
      _getValue(labels) {
        const hash = hashObject(labels || {}, this.sortedLabelNames);
        return this.hashMap[hash] ? this.hashMap[hash].value : 0;
      }
      labels(...args) {
        const labels = getLabels(this.labelNames, args);
        validateLabel(this.labelNames, labels);
        return {
          inc: this.inc.bind(this, labels),
          dec: this.dec.bind(this, labels),
          set: this.set.bind(this, labels),
          setToCurrentTime: this.setToCurrentTime.bind(this, labels),
          startTimer: this.startTimer.bind(this, labels)
        };
      }
      remove(...args) {
        const labels = getLabels(this.labelNames, args);
        validateLabel(this.labelNames, labels);
        removeLabels.call(this, this.hashMap, labels, this.sortedLabelNames);
      }
    };
    function set(gauge, labels, value) {
      if (typeof value !== "number") {
        throw new TypeError(`Value is not a valid number: ${util.format(value)}`);
      }
      validateLabel(gauge.labelNames, labels);
      setValue(gauge.hashMap, value, labels);
    }
    function setDelta(gauge, labels, delta) {
      if (typeof delta !== "number") {
        throw new TypeError(`Delta is not a valid number: ${util.format(delta)}`);
      }
      validateLabel(gauge.labelNames, labels);
      const hash = hashObject(labels, gauge.sortedLabelNames);
      setValueDelta(gauge.hashMap, delta, labels, hash);
    }
    function getLabelArg(labels) {
      return isObject(labels) ? labels : {};
    }
    function getValueArg(labels, value) {
      return isObject(labels) ? value : labels;
    }
    module2.exports = Gauge2;
  }
});

// node_modules/prom-client/lib/histogram.js
var require_histogram = __commonJS({
  "node_modules/prom-client/lib/histogram.js"(exports2, module2) {
    "use strict";
    var util = require("util");
    var {
      getLabels,
      hashObject,
      isObject,
      removeLabels,
      nowTimestamp
    } = require_util();
    var { validateLabel } = require_validation();
    var { Metric } = require_metric();
    var Exemplar = require_exemplar();
    var Histogram2 = class extends Metric {
      constructor(config) {
        super(config, {
          buckets: [5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
        });
        this.type = "histogram";
        this.defaultLabels = {};
        this.defaultExemplarLabelSet = {};
        this.enableExemplars = false;
        for (const label2 of this.labelNames) {
          if (label2 === "le") {
            throw new Error("le is a reserved label keyword");
          }
        }
        this.upperBounds = this.buckets;
        this.bucketValues = this.upperBounds.reduce((acc, upperBound) => {
          acc[upperBound] = 0;
          return acc;
        }, {});
        if (config.enableExemplars) {
          this.enableExemplars = true;
          this.bucketExemplars = this.upperBounds.reduce((acc, upperBound) => {
            acc[upperBound] = null;
            return acc;
          }, {});
          Object.freeze(this.bucketExemplars);
          this.observe = this.observeWithExemplar;
        } else {
          this.observe = this.observeWithoutExemplar;
        }
        Object.freeze(this.bucketValues);
        Object.freeze(this.upperBounds);
        if (this.labelNames.length === 0) {
          this.hashMap = {
            [hashObject({})]: createBaseValues(
              {},
              this.bucketValues,
              this.bucketExemplars
            )
          };
        }
      }
      /**
       * Observe a value in histogram
       * @param {object} labels - Object with labels where key is the label key and value is label value. Can only be one level deep
       * @param {Number} value - Value to observe in the histogram
       * @returns {void}
       */
      observeWithoutExemplar(labels, value) {
        observe.call(this, labels === 0 ? 0 : labels || {})(value);
      }
      observeWithExemplar({
        labels = this.defaultLabels,
        value,
        exemplarLabels = this.defaultExemplarLabelSet
      } = {}) {
        observe.call(this, labels === 0 ? 0 : labels || {})(value);
        this.updateExemplar(labels, value, exemplarLabels);
      }
      updateExemplar(labels, value, exemplarLabels) {
        if (Object.keys(exemplarLabels).length === 0) return;
        const hash = hashObject(labels, this.sortedLabelNames);
        const bound = findBound(this.upperBounds, value);
        const { bucketExemplars } = this.hashMap[hash];
        let exemplar = bucketExemplars[bound];
        if (!isObject(exemplar)) {
          exemplar = new Exemplar();
          bucketExemplars[bound] = exemplar;
        }
        exemplar.validateExemplarLabelSet(exemplarLabels);
        exemplar.labelSet = exemplarLabels;
        exemplar.value = value;
        exemplar.timestamp = nowTimestamp();
      }
      async get() {
        const data = await this.getForPromString();
        data.values = data.values.map(splayLabels);
        return data;
      }
      async getForPromString() {
        if (this.collect) {
          const v = this.collect();
          if (v instanceof Promise) await v;
        }
        const data = Object.values(this.hashMap);
        const values = data.map(extractBucketValuesForExport(this)).reduce(addSumAndCountForExport(this), []);
        return {
          name: this.name,
          help: this.help,
          type: this.type,
          values,
          aggregator: this.aggregator
        };
      }
      reset() {
        this.hashMap = {};
      }
      /**
       * Initialize the metrics for the given combination of labels to zero
       * @param {object} labels - Object with labels where key is the label key and value is label value. Can only be one level deep
       * @returns {void}
       */
      zero(labels) {
        const hash = hashObject(labels, this.sortedLabelNames);
        this.hashMap[hash] = createBaseValues(
          labels,
          this.bucketValues,
          this.bucketExemplars
        );
      }
      /**
       * Start a timer that could be used to logging durations
       * @param {object} labels - Object with labels where key is the label key and value is label value. Can only be one level deep
       * @param {object} exemplarLabels - Object with labels for exemplar where key is the label key and value is label value. Can only be one level deep
       * @returns {function} - Function to invoke when you want to stop the timer and observe the duration in seconds
       * @example
       * var end = histogram.startTimer();
       * makeExpensiveXHRRequest(function(err, res) {
       *   const duration = end(); //Observe the duration of expensiveXHRRequest and returns duration in seconds
       *   console.log('Duration', duration);
       * });
       */
      startTimer(labels, exemplarLabels) {
        return this.enableExemplars ? startTimerWithExemplar.call(this, labels, exemplarLabels)() : startTimer.call(this, labels)();
      }
      labels(...args) {
        const labels = getLabels(this.labelNames, args);
        validateLabel(this.labelNames, labels);
        return {
          observe: observe.call(this, labels),
          startTimer: startTimer.call(this, labels)
        };
      }
      remove(...args) {
        const labels = getLabels(this.labelNames, args);
        validateLabel(this.labelNames, labels);
        removeLabels.call(this, this.hashMap, labels, this.sortedLabelNames);
      }
    };
    function startTimer(startLabels) {
      return () => {
        const start = process.hrtime();
        return (endLabels) => {
          const delta = process.hrtime(start);
          const value = delta[0] + delta[1] / 1e9;
          this.observe(Object.assign({}, startLabels, endLabels), value);
          return value;
        };
      };
    }
    function startTimerWithExemplar(startLabels, startExemplarLabels) {
      return () => {
        const start = process.hrtime();
        return (endLabels, endExemplarLabels) => {
          const delta = process.hrtime(start);
          const value = delta[0] + delta[1] / 1e9;
          this.observe({
            labels: Object.assign({}, startLabels, endLabels),
            value,
            exemplarLabels: Object.assign(
              {},
              startExemplarLabels,
              endExemplarLabels
            )
          });
          return value;
        };
      };
    }
    function setValuePair(labels, value, metricName, exemplar, sharedLabels = {}) {
      return {
        labels,
        sharedLabels,
        value,
        metricName,
        exemplar
      };
    }
    function findBound(upperBounds, value) {
      for (let i = 0; i < upperBounds.length; i++) {
        const bound = upperBounds[i];
        if (value <= bound) {
          return bound;
        }
      }
      return -1;
    }
    function observe(labels) {
      return (value) => {
        const labelValuePair = convertLabelsAndValues(labels, value);
        validateLabel(this.labelNames, labelValuePair.labels);
        if (!Number.isFinite(labelValuePair.value)) {
          throw new TypeError(
            `Value is not a valid number: ${util.format(labelValuePair.value)}`
          );
        }
        const hash = hashObject(labelValuePair.labels, this.sortedLabelNames);
        let valueFromMap = this.hashMap[hash];
        if (!valueFromMap) {
          valueFromMap = createBaseValues(
            labelValuePair.labels,
            this.bucketValues,
            this.bucketExemplars
          );
        }
        const b = findBound(this.upperBounds, labelValuePair.value);
        valueFromMap.sum += labelValuePair.value;
        valueFromMap.count += 1;
        if (Object.prototype.hasOwnProperty.call(valueFromMap.bucketValues, b)) {
          valueFromMap.bucketValues[b] += 1;
        }
        this.hashMap[hash] = valueFromMap;
      };
    }
    function createBaseValues(labels, bucketValues, bucketExemplars) {
      const result = {
        labels,
        bucketValues: { ...bucketValues },
        sum: 0,
        count: 0
      };
      if (bucketExemplars) {
        result.bucketExemplars = { ...bucketExemplars };
      }
      return result;
    }
    function convertLabelsAndValues(labels, value) {
      return isObject(labels) ? {
        labels,
        value
      } : {
        value: labels,
        labels: {}
      };
    }
    function extractBucketValuesForExport(histogram) {
      const name = `${histogram.name}_bucket`;
      return (bucketData) => {
        let acc = 0;
        const buckets = histogram.upperBounds.map((upperBound) => {
          acc += bucketData.bucketValues[upperBound];
          return setValuePair(
            { le: upperBound },
            acc,
            name,
            bucketData.bucketExemplars ? bucketData.bucketExemplars[upperBound] : null,
            bucketData.labels
          );
        });
        return { buckets, data: bucketData };
      };
    }
    function addSumAndCountForExport(histogram) {
      return (acc, d) => {
        acc.push(...d.buckets);
        const infLabel = { le: "+Inf" };
        acc.push(
          setValuePair(
            infLabel,
            d.data.count,
            `${histogram.name}_bucket`,
            d.data.bucketExemplars ? d.data.bucketExemplars["-1"] : null,
            d.data.labels
          ),
          setValuePair(
            {},
            d.data.sum,
            `${histogram.name}_sum`,
            void 0,
            d.data.labels
          ),
          setValuePair(
            {},
            d.data.count,
            `${histogram.name}_count`,
            void 0,
            d.data.labels
          )
        );
        return acc;
      };
    }
    function splayLabels(bucket) {
      const { sharedLabels, labels, ...newBucket } = bucket;
      for (const label2 of Object.keys(sharedLabels)) {
        labels[label2] = sharedLabels[label2];
      }
      newBucket.labels = labels;
      return newBucket;
    }
    module2.exports = Histogram2;
  }
});

// node_modules/bintrees/lib/treebase.js
var require_treebase = __commonJS({
  "node_modules/bintrees/lib/treebase.js"(exports2, module2) {
    function TreeBase() {
    }
    TreeBase.prototype.clear = function() {
      this._root = null;
      this.size = 0;
    };
    TreeBase.prototype.find = function(data) {
      var res = this._root;
      while (res !== null) {
        var c = this._comparator(data, res.data);
        if (c === 0) {
          return res.data;
        } else {
          res = res.get_child(c > 0);
        }
      }
      return null;
    };
    TreeBase.prototype.findIter = function(data) {
      var res = this._root;
      var iter = this.iterator();
      while (res !== null) {
        var c = this._comparator(data, res.data);
        if (c === 0) {
          iter._cursor = res;
          return iter;
        } else {
          iter._ancestors.push(res);
          res = res.get_child(c > 0);
        }
      }
      return null;
    };
    TreeBase.prototype.lowerBound = function(item) {
      var cur = this._root;
      var iter = this.iterator();
      var cmp = this._comparator;
      while (cur !== null) {
        var c = cmp(item, cur.data);
        if (c === 0) {
          iter._cursor = cur;
          return iter;
        }
        iter._ancestors.push(cur);
        cur = cur.get_child(c > 0);
      }
      for (var i = iter._ancestors.length - 1; i >= 0; --i) {
        cur = iter._ancestors[i];
        if (cmp(item, cur.data) < 0) {
          iter._cursor = cur;
          iter._ancestors.length = i;
          return iter;
        }
      }
      iter._ancestors.length = 0;
      return iter;
    };
    TreeBase.prototype.upperBound = function(item) {
      var iter = this.lowerBound(item);
      var cmp = this._comparator;
      while (iter.data() !== null && cmp(iter.data(), item) === 0) {
        iter.next();
      }
      return iter;
    };
    TreeBase.prototype.min = function() {
      var res = this._root;
      if (res === null) {
        return null;
      }
      while (res.left !== null) {
        res = res.left;
      }
      return res.data;
    };
    TreeBase.prototype.max = function() {
      var res = this._root;
      if (res === null) {
        return null;
      }
      while (res.right !== null) {
        res = res.right;
      }
      return res.data;
    };
    TreeBase.prototype.iterator = function() {
      return new Iterator(this);
    };
    TreeBase.prototype.each = function(cb) {
      var it = this.iterator(), data;
      while ((data = it.next()) !== null) {
        if (cb(data) === false) {
          return;
        }
      }
    };
    TreeBase.prototype.reach = function(cb) {
      var it = this.iterator(), data;
      while ((data = it.prev()) !== null) {
        if (cb(data) === false) {
          return;
        }
      }
    };
    function Iterator(tree) {
      this._tree = tree;
      this._ancestors = [];
      this._cursor = null;
    }
    Iterator.prototype.data = function() {
      return this._cursor !== null ? this._cursor.data : null;
    };
    Iterator.prototype.next = function() {
      if (this._cursor === null) {
        var root = this._tree._root;
        if (root !== null) {
          this._minNode(root);
        }
      } else {
        if (this._cursor.right === null) {
          var save;
          do {
            save = this._cursor;
            if (this._ancestors.length) {
              this._cursor = this._ancestors.pop();
            } else {
              this._cursor = null;
              break;
            }
          } while (this._cursor.right === save);
        } else {
          this._ancestors.push(this._cursor);
          this._minNode(this._cursor.right);
        }
      }
      return this._cursor !== null ? this._cursor.data : null;
    };
    Iterator.prototype.prev = function() {
      if (this._cursor === null) {
        var root = this._tree._root;
        if (root !== null) {
          this._maxNode(root);
        }
      } else {
        if (this._cursor.left === null) {
          var save;
          do {
            save = this._cursor;
            if (this._ancestors.length) {
              this._cursor = this._ancestors.pop();
            } else {
              this._cursor = null;
              break;
            }
          } while (this._cursor.left === save);
        } else {
          this._ancestors.push(this._cursor);
          this._maxNode(this._cursor.left);
        }
      }
      return this._cursor !== null ? this._cursor.data : null;
    };
    Iterator.prototype._minNode = function(start) {
      while (start.left !== null) {
        this._ancestors.push(start);
        start = start.left;
      }
      this._cursor = start;
    };
    Iterator.prototype._maxNode = function(start) {
      while (start.right !== null) {
        this._ancestors.push(start);
        start = start.right;
      }
      this._cursor = start;
    };
    module2.exports = TreeBase;
  }
});

// node_modules/bintrees/lib/rbtree.js
var require_rbtree = __commonJS({
  "node_modules/bintrees/lib/rbtree.js"(exports2, module2) {
    var TreeBase = require_treebase();
    function Node(data) {
      this.data = data;
      this.left = null;
      this.right = null;
      this.red = true;
    }
    Node.prototype.get_child = function(dir) {
      return dir ? this.right : this.left;
    };
    Node.prototype.set_child = function(dir, val) {
      if (dir) {
        this.right = val;
      } else {
        this.left = val;
      }
    };
    function RBTree(comparator) {
      this._root = null;
      this._comparator = comparator;
      this.size = 0;
    }
    RBTree.prototype = new TreeBase();
    RBTree.prototype.insert = function(data) {
      var ret2 = false;
      if (this._root === null) {
        this._root = new Node(data);
        ret2 = true;
        this.size++;
      } else {
        var head = new Node(void 0);
        var dir = 0;
        var last = 0;
        var gp = null;
        var ggp = head;
        var p = null;
        var node = this._root;
        ggp.right = this._root;
        while (true) {
          if (node === null) {
            node = new Node(data);
            p.set_child(dir, node);
            ret2 = true;
            this.size++;
          } else if (is_red(node.left) && is_red(node.right)) {
            node.red = true;
            node.left.red = false;
            node.right.red = false;
          }
          if (is_red(node) && is_red(p)) {
            var dir2 = ggp.right === gp;
            if (node === p.get_child(last)) {
              ggp.set_child(dir2, single_rotate(gp, !last));
            } else {
              ggp.set_child(dir2, double_rotate(gp, !last));
            }
          }
          var cmp = this._comparator(node.data, data);
          if (cmp === 0) {
            break;
          }
          last = dir;
          dir = cmp < 0;
          if (gp !== null) {
            ggp = gp;
          }
          gp = p;
          p = node;
          node = node.get_child(dir);
        }
        this._root = head.right;
      }
      this._root.red = false;
      return ret2;
    };
    RBTree.prototype.remove = function(data) {
      if (this._root === null) {
        return false;
      }
      var head = new Node(void 0);
      var node = head;
      node.right = this._root;
      var p = null;
      var gp = null;
      var found = null;
      var dir = 1;
      while (node.get_child(dir) !== null) {
        var last = dir;
        gp = p;
        p = node;
        node = node.get_child(dir);
        var cmp = this._comparator(data, node.data);
        dir = cmp > 0;
        if (cmp === 0) {
          found = node;
        }
        if (!is_red(node) && !is_red(node.get_child(dir))) {
          if (is_red(node.get_child(!dir))) {
            var sr = single_rotate(node, dir);
            p.set_child(last, sr);
            p = sr;
          } else if (!is_red(node.get_child(!dir))) {
            var sibling = p.get_child(!last);
            if (sibling !== null) {
              if (!is_red(sibling.get_child(!last)) && !is_red(sibling.get_child(last))) {
                p.red = false;
                sibling.red = true;
                node.red = true;
              } else {
                var dir2 = gp.right === p;
                if (is_red(sibling.get_child(last))) {
                  gp.set_child(dir2, double_rotate(p, last));
                } else if (is_red(sibling.get_child(!last))) {
                  gp.set_child(dir2, single_rotate(p, last));
                }
                var gpc = gp.get_child(dir2);
                gpc.red = true;
                node.red = true;
                gpc.left.red = false;
                gpc.right.red = false;
              }
            }
          }
        }
      }
      if (found !== null) {
        found.data = node.data;
        p.set_child(p.right === node, node.get_child(node.left === null));
        this.size--;
      }
      this._root = head.right;
      if (this._root !== null) {
        this._root.red = false;
      }
      return found !== null;
    };
    function is_red(node) {
      return node !== null && node.red;
    }
    function single_rotate(root, dir) {
      var save = root.get_child(!dir);
      root.set_child(!dir, save.get_child(dir));
      save.set_child(dir, root);
      root.red = true;
      save.red = false;
      return save;
    }
    function double_rotate(root, dir) {
      root.set_child(!dir, single_rotate(root.get_child(!dir), !dir));
      return single_rotate(root, dir);
    }
    module2.exports = RBTree;
  }
});

// node_modules/bintrees/lib/bintree.js
var require_bintree = __commonJS({
  "node_modules/bintrees/lib/bintree.js"(exports2, module2) {
    var TreeBase = require_treebase();
    function Node(data) {
      this.data = data;
      this.left = null;
      this.right = null;
    }
    Node.prototype.get_child = function(dir) {
      return dir ? this.right : this.left;
    };
    Node.prototype.set_child = function(dir, val) {
      if (dir) {
        this.right = val;
      } else {
        this.left = val;
      }
    };
    function BinTree(comparator) {
      this._root = null;
      this._comparator = comparator;
      this.size = 0;
    }
    BinTree.prototype = new TreeBase();
    BinTree.prototype.insert = function(data) {
      if (this._root === null) {
        this._root = new Node(data);
        this.size++;
        return true;
      }
      var dir = 0;
      var p = null;
      var node = this._root;
      while (true) {
        if (node === null) {
          node = new Node(data);
          p.set_child(dir, node);
          ret = true;
          this.size++;
          return true;
        }
        if (this._comparator(node.data, data) === 0) {
          return false;
        }
        dir = this._comparator(node.data, data) < 0;
        p = node;
        node = node.get_child(dir);
      }
    };
    BinTree.prototype.remove = function(data) {
      if (this._root === null) {
        return false;
      }
      var head = new Node(void 0);
      var node = head;
      node.right = this._root;
      var p = null;
      var found = null;
      var dir = 1;
      while (node.get_child(dir) !== null) {
        p = node;
        node = node.get_child(dir);
        var cmp = this._comparator(data, node.data);
        dir = cmp > 0;
        if (cmp === 0) {
          found = node;
        }
      }
      if (found !== null) {
        found.data = node.data;
        p.set_child(p.right === node, node.get_child(node.left === null));
        this._root = head.right;
        this.size--;
        return true;
      } else {
        return false;
      }
    };
    module2.exports = BinTree;
  }
});

// node_modules/bintrees/index.js
var require_bintrees = __commonJS({
  "node_modules/bintrees/index.js"(exports2, module2) {
    module2.exports = {
      RBTree: require_rbtree(),
      BinTree: require_bintree()
    };
  }
});

// node_modules/tdigest/tdigest.js
var require_tdigest = __commonJS({
  "node_modules/tdigest/tdigest.js"(exports2, module2) {
    var RBTree = require_bintrees().RBTree;
    function TDigest(delta, K, CX) {
      this.discrete = delta === false;
      this.delta = delta || 0.01;
      this.K = K === void 0 ? 25 : K;
      this.CX = CX === void 0 ? 1.1 : CX;
      this.centroids = new RBTree(compare_centroid_means);
      this.nreset = 0;
      this.reset();
    }
    TDigest.prototype.reset = function() {
      this.centroids.clear();
      this.n = 0;
      this.nreset += 1;
      this.last_cumulate = 0;
    };
    TDigest.prototype.size = function() {
      return this.centroids.size;
    };
    TDigest.prototype.toArray = function(everything) {
      var result = [];
      if (everything) {
        this._cumulate(true);
        this.centroids.each(function(c) {
          result.push(c);
        });
      } else {
        this.centroids.each(function(c) {
          result.push({ mean: c.mean, n: c.n });
        });
      }
      return result;
    };
    TDigest.prototype.summary = function() {
      var approx = this.discrete ? "exact " : "approximating ";
      var s = [
        approx + this.n + " samples using " + this.size() + " centroids",
        "min = " + this.percentile(0),
        "Q1  = " + this.percentile(0.25),
        "Q2  = " + this.percentile(0.5),
        "Q3  = " + this.percentile(0.75),
        "max = " + this.percentile(1)
      ];
      return s.join("\n");
    };
    function compare_centroid_means(a, b) {
      return a.mean > b.mean ? 1 : a.mean < b.mean ? -1 : 0;
    }
    function compare_centroid_mean_cumns(a, b) {
      return a.mean_cumn - b.mean_cumn;
    }
    TDigest.prototype.push = function(x, n) {
      n = n || 1;
      x = Array.isArray(x) ? x : [x];
      for (var i = 0; i < x.length; i++) {
        this._digest(x[i], n);
      }
    };
    TDigest.prototype.push_centroid = function(c) {
      c = Array.isArray(c) ? c : [c];
      for (var i = 0; i < c.length; i++) {
        this._digest(c[i].mean, c[i].n);
      }
    };
    TDigest.prototype._cumulate = function(exact) {
      if (this.n === this.last_cumulate || !exact && this.CX && this.CX > this.n / this.last_cumulate) {
        return;
      }
      var cumn = 0;
      this.centroids.each(function(c) {
        c.mean_cumn = cumn + c.n / 2;
        cumn = c.cumn = cumn + c.n;
      });
      this.n = this.last_cumulate = cumn;
    };
    TDigest.prototype.find_nearest = function(x) {
      if (this.size() === 0) {
        return null;
      }
      var iter = this.centroids.lowerBound({ mean: x });
      var c = iter.data() === null ? iter.prev() : iter.data();
      if (c.mean === x || this.discrete) {
        return c;
      }
      var prev = iter.prev();
      if (prev && Math.abs(prev.mean - x) < Math.abs(c.mean - x)) {
        return prev;
      } else {
        return c;
      }
    };
    TDigest.prototype._new_centroid = function(x, n, cumn) {
      var c = { mean: x, n, cumn };
      this.centroids.insert(c);
      this.n += n;
      return c;
    };
    TDigest.prototype._addweight = function(nearest, x, n) {
      if (x !== nearest.mean) {
        nearest.mean += n * (x - nearest.mean) / (nearest.n + n);
      }
      nearest.cumn += n;
      nearest.mean_cumn += n / 2;
      nearest.n += n;
      this.n += n;
    };
    TDigest.prototype._digest = function(x, n) {
      var min = this.centroids.min();
      var max = this.centroids.max();
      var nearest = this.find_nearest(x);
      if (nearest && nearest.mean === x) {
        this._addweight(nearest, x, n);
      } else if (nearest === min) {
        this._new_centroid(x, n, 0);
      } else if (nearest === max) {
        this._new_centroid(x, n, this.n);
      } else if (this.discrete) {
        this._new_centroid(x, n, nearest.cumn);
      } else {
        var p = nearest.mean_cumn / this.n;
        var max_n = Math.floor(4 * this.n * this.delta * p * (1 - p));
        if (max_n - nearest.n >= n) {
          this._addweight(nearest, x, n);
        } else {
          this._new_centroid(x, n, nearest.cumn);
        }
      }
      this._cumulate(false);
      if (!this.discrete && this.K && this.size() > this.K / this.delta) {
        this.compress();
      }
    };
    TDigest.prototype.bound_mean = function(x) {
      var iter = this.centroids.upperBound({ mean: x });
      var lower = iter.prev();
      var upper = lower.mean === x ? lower : iter.next();
      return [lower, upper];
    };
    TDigest.prototype.p_rank = function(x_or_xlist) {
      var xs = Array.isArray(x_or_xlist) ? x_or_xlist : [x_or_xlist];
      var ps = xs.map(this._p_rank, this);
      return Array.isArray(x_or_xlist) ? ps : ps[0];
    };
    TDigest.prototype._p_rank = function(x) {
      if (this.size() === 0) {
        return void 0;
      } else if (x < this.centroids.min().mean) {
        return 0;
      } else if (x > this.centroids.max().mean) {
        return 1;
      }
      this._cumulate(true);
      var bound = this.bound_mean(x);
      var lower = bound[0], upper = bound[1];
      if (this.discrete) {
        return lower.cumn / this.n;
      } else {
        var cumn = lower.mean_cumn;
        if (lower !== upper) {
          cumn += (x - lower.mean) * (upper.mean_cumn - lower.mean_cumn) / (upper.mean - lower.mean);
        }
        return cumn / this.n;
      }
    };
    TDigest.prototype.bound_mean_cumn = function(cumn) {
      this.centroids._comparator = compare_centroid_mean_cumns;
      var iter = this.centroids.upperBound({ mean_cumn: cumn });
      this.centroids._comparator = compare_centroid_means;
      var lower = iter.prev();
      var upper = lower && lower.mean_cumn === cumn ? lower : iter.next();
      return [lower, upper];
    };
    TDigest.prototype.percentile = function(p_or_plist) {
      var ps = Array.isArray(p_or_plist) ? p_or_plist : [p_or_plist];
      var qs = ps.map(this._percentile, this);
      return Array.isArray(p_or_plist) ? qs : qs[0];
    };
    TDigest.prototype._percentile = function(p) {
      if (this.size() === 0) {
        return void 0;
      }
      this._cumulate(true);
      var h = this.n * p;
      var bound = this.bound_mean_cumn(h);
      var lower = bound[0], upper = bound[1];
      if (upper === lower || lower === null || upper === null) {
        return (lower || upper).mean;
      } else if (!this.discrete) {
        return lower.mean + (h - lower.mean_cumn) * (upper.mean - lower.mean) / (upper.mean_cumn - lower.mean_cumn);
      } else if (h <= lower.cumn) {
        return lower.mean;
      } else {
        return upper.mean;
      }
    };
    function pop_random(choices) {
      var idx = Math.floor(Math.random() * choices.length);
      return choices.splice(idx, 1)[0];
    }
    TDigest.prototype.compress = function() {
      if (this.compressing) {
        return;
      }
      var points = this.toArray();
      this.reset();
      this.compressing = true;
      while (points.length > 0) {
        this.push_centroid(pop_random(points));
      }
      this._cumulate(true);
      this.compressing = false;
    };
    function Digest(config) {
      this.config = config || {};
      this.mode = this.config.mode || "auto";
      TDigest.call(this, this.mode === "cont" ? config.delta : false);
      this.digest_ratio = this.config.ratio || 0.9;
      this.digest_thresh = this.config.thresh || 1e3;
      this.n_unique = 0;
    }
    Digest.prototype = Object.create(TDigest.prototype);
    Digest.prototype.constructor = Digest;
    Digest.prototype.push = function(x_or_xlist) {
      TDigest.prototype.push.call(this, x_or_xlist);
      this.check_continuous();
    };
    Digest.prototype._new_centroid = function(x, n, cumn) {
      this.n_unique += 1;
      TDigest.prototype._new_centroid.call(this, x, n, cumn);
    };
    Digest.prototype._addweight = function(nearest, x, n) {
      if (nearest.n === 1) {
        this.n_unique -= 1;
      }
      TDigest.prototype._addweight.call(this, nearest, x, n);
    };
    Digest.prototype.check_continuous = function() {
      if (this.mode !== "auto" || this.size() < this.digest_thresh) {
        return false;
      }
      if (this.n_unique / this.size() > this.digest_ratio) {
        this.mode = "cont";
        this.discrete = false;
        this.delta = this.config.delta || 0.01;
        this.compress();
        return true;
      }
      return false;
    };
    module2.exports = {
      "TDigest": TDigest,
      "Digest": Digest
    };
  }
});

// node_modules/prom-client/lib/timeWindowQuantiles.js
var require_timeWindowQuantiles = __commonJS({
  "node_modules/prom-client/lib/timeWindowQuantiles.js"(exports2, module2) {
    "use strict";
    var { TDigest } = require_tdigest();
    var TimeWindowQuantiles = class {
      constructor(maxAgeSeconds, ageBuckets) {
        this.maxAgeSeconds = maxAgeSeconds || 0;
        this.ageBuckets = ageBuckets || 0;
        this.shouldRotate = maxAgeSeconds && ageBuckets;
        this.ringBuffer = Array(ageBuckets).fill(new TDigest());
        this.currentBuffer = 0;
        this.lastRotateTimestampMillis = Date.now();
        this.durationBetweenRotatesMillis = maxAgeSeconds * 1e3 / ageBuckets || Infinity;
      }
      size() {
        const bucket = rotate.call(this);
        return bucket.size();
      }
      percentile(quantile) {
        const bucket = rotate.call(this);
        return bucket.percentile(quantile);
      }
      push(value) {
        rotate.call(this);
        this.ringBuffer.forEach((bucket) => {
          bucket.push(value);
        });
      }
      reset() {
        this.ringBuffer.forEach((bucket) => {
          bucket.reset();
        });
      }
      compress() {
        this.ringBuffer.forEach((bucket) => {
          bucket.compress();
        });
      }
    };
    function rotate() {
      let timeSinceLastRotateMillis = Date.now() - this.lastRotateTimestampMillis;
      while (timeSinceLastRotateMillis > this.durationBetweenRotatesMillis && this.shouldRotate) {
        this.ringBuffer[this.currentBuffer] = new TDigest();
        if (++this.currentBuffer >= this.ringBuffer.length) {
          this.currentBuffer = 0;
        }
        timeSinceLastRotateMillis -= this.durationBetweenRotatesMillis;
        this.lastRotateTimestampMillis += this.durationBetweenRotatesMillis;
      }
      return this.ringBuffer[this.currentBuffer];
    }
    module2.exports = TimeWindowQuantiles;
  }
});

// node_modules/prom-client/lib/summary.js
var require_summary = __commonJS({
  "node_modules/prom-client/lib/summary.js"(exports2, module2) {
    "use strict";
    var util = require("util");
    var { getLabels, hashObject, removeLabels } = require_util();
    var { validateLabel } = require_validation();
    var { Metric } = require_metric();
    var timeWindowQuantiles = require_timeWindowQuantiles();
    var DEFAULT_COMPRESS_COUNT = 1e3;
    var Summary = class extends Metric {
      constructor(config) {
        super(config, {
          percentiles: [0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999],
          compressCount: DEFAULT_COMPRESS_COUNT,
          hashMap: {}
        });
        this.type = "summary";
        for (const label2 of this.labelNames) {
          if (label2 === "quantile")
            throw new Error("quantile is a reserved label keyword");
        }
        if (this.labelNames.length === 0) {
          this.hashMap = {
            [hashObject({})]: {
              labels: {},
              td: new timeWindowQuantiles(this.maxAgeSeconds, this.ageBuckets),
              count: 0,
              sum: 0
            }
          };
        }
      }
      /**
       * Observe a value
       * @param {object} labels - Object with labels where key is the label key and value is label value. Can only be one level deep
       * @param {Number} value - Value to observe
       * @returns {void}
       */
      observe(labels, value) {
        observe.call(this, labels === 0 ? 0 : labels || {})(value);
      }
      async get() {
        if (this.collect) {
          const v = this.collect();
          if (v instanceof Promise) await v;
        }
        const hashKeys = Object.keys(this.hashMap);
        const values = [];
        hashKeys.forEach((hashKey) => {
          const s = this.hashMap[hashKey];
          if (s) {
            if (this.pruneAgedBuckets && s.td.size() === 0) {
              delete this.hashMap[hashKey];
            } else {
              extractSummariesForExport(s, this.percentiles).forEach((v) => {
                values.push(v);
              });
              values.push(getSumForExport(s, this));
              values.push(getCountForExport(s, this));
            }
          }
        });
        return {
          name: this.name,
          help: this.help,
          type: this.type,
          values,
          aggregator: this.aggregator
        };
      }
      reset() {
        const data = Object.values(this.hashMap);
        data.forEach((s) => {
          s.td.reset();
          s.count = 0;
          s.sum = 0;
        });
      }
      /**
       * Start a timer that could be used to logging durations
       * @param {object} labels - Object with labels where key is the label key and value is label value. Can only be one level deep
       * @returns {function} - Function to invoke when you want to stop the timer and observe the duration in seconds
       * @example
       * var end = summary.startTimer();
       * makeExpensiveXHRRequest(function(err, res) {
       *  end(); //Observe the duration of expensiveXHRRequest
       * });
       */
      startTimer(labels) {
        return startTimer.call(this, labels)();
      }
      labels(...args) {
        const labels = getLabels(this.labelNames, args);
        validateLabel(this.labelNames, labels);
        return {
          observe: observe.call(this, labels),
          startTimer: startTimer.call(this, labels)
        };
      }
      remove(...args) {
        const labels = getLabels(this.labelNames, args);
        validateLabel(this.labelNames, labels);
        removeLabels.call(this, this.hashMap, labels, this.sortedLabelNames);
      }
    };
    function extractSummariesForExport(summaryOfLabels, percentiles) {
      summaryOfLabels.td.compress();
      return percentiles.map((percentile) => {
        const percentileValue = summaryOfLabels.td.percentile(percentile);
        return {
          labels: Object.assign({ quantile: percentile }, summaryOfLabels.labels),
          value: percentileValue ? percentileValue : 0
        };
      });
    }
    function getCountForExport(value, summary) {
      return {
        metricName: `${summary.name}_count`,
        labels: value.labels,
        value: value.count
      };
    }
    function getSumForExport(value, summary) {
      return {
        metricName: `${summary.name}_sum`,
        labels: value.labels,
        value: value.sum
      };
    }
    function startTimer(startLabels) {
      return () => {
        const start = process.hrtime();
        return (endLabels) => {
          const delta = process.hrtime(start);
          const value = delta[0] + delta[1] / 1e9;
          this.observe(Object.assign({}, startLabels, endLabels), value);
          return value;
        };
      };
    }
    function observe(labels) {
      return (value) => {
        const labelValuePair = convertLabelsAndValues(labels, value);
        validateLabel(this.labelNames, labels);
        if (!Number.isFinite(labelValuePair.value)) {
          throw new TypeError(
            `Value is not a valid number: ${util.format(labelValuePair.value)}`
          );
        }
        const hash = hashObject(labelValuePair.labels, this.sortedLabelNames);
        let summaryOfLabel = this.hashMap[hash];
        if (!summaryOfLabel) {
          summaryOfLabel = {
            labels: labelValuePair.labels,
            td: new timeWindowQuantiles(this.maxAgeSeconds, this.ageBuckets),
            count: 0,
            sum: 0
          };
        }
        summaryOfLabel.td.push(labelValuePair.value);
        summaryOfLabel.count++;
        if (summaryOfLabel.count % this.compressCount === 0) {
          summaryOfLabel.td.compress();
        }
        summaryOfLabel.sum += labelValuePair.value;
        this.hashMap[hash] = summaryOfLabel;
      };
    }
    function convertLabelsAndValues(labels, value) {
      if (value === void 0) {
        return {
          value: labels,
          labels: {}
        };
      }
      return {
        labels,
        value
      };
    }
    module2.exports = Summary;
  }
});

// node_modules/prom-client/lib/pushgateway.js
var require_pushgateway = __commonJS({
  "node_modules/prom-client/lib/pushgateway.js"(exports2, module2) {
    "use strict";
    var url = require("url");
    var http3 = require("http");
    var https2 = require("https");
    var { gzipSync } = require("zlib");
    var { globalRegistry } = require_registry();
    var Pushgateway = class {
      constructor(gatewayUrl, options, registry) {
        if (!registry) {
          registry = globalRegistry;
        }
        this.registry = registry;
        this.gatewayUrl = gatewayUrl;
        const { requireJobName, ...requestOptions } = {
          requireJobName: true,
          ...options
        };
        this.requireJobName = requireJobName;
        this.requestOptions = requestOptions;
      }
      pushAdd(params = {}) {
        if (this.requireJobName && !params.jobName) {
          throw new Error("Missing jobName parameter");
        }
        return useGateway.call(this, "POST", params.jobName, params.groupings);
      }
      push(params = {}) {
        if (this.requireJobName && !params.jobName) {
          throw new Error("Missing jobName parameter");
        }
        return useGateway.call(this, "PUT", params.jobName, params.groupings);
      }
      delete(params = {}) {
        if (this.requireJobName && !params.jobName) {
          throw new Error("Missing jobName parameter");
        }
        return useGateway.call(this, "DELETE", params.jobName, params.groupings);
      }
    };
    async function useGateway(method, job, groupings) {
      const gatewayUrlParsed = url.parse(this.gatewayUrl);
      const gatewayUrlPath = gatewayUrlParsed.pathname && gatewayUrlParsed.pathname !== "/" ? gatewayUrlParsed.pathname : "";
      const jobPath = job ? `/job/${encodeURIComponent(job)}${generateGroupings(groupings)}` : "";
      const path = `${gatewayUrlPath}/metrics${jobPath}`;
      const target = url.resolve(this.gatewayUrl, path);
      const requestParams = url.parse(target);
      const httpModule = isHttps(requestParams.href) ? https2 : http3;
      const options = Object.assign(requestParams, this.requestOptions, {
        method
      });
      return new Promise((resolve, reject) => {
        if (method === "DELETE" && options.headers) {
          delete options.headers["Content-Encoding"];
        }
        const req = httpModule.request(options, (resp) => {
          let body = "";
          resp.setEncoding("utf8");
          resp.on("data", (chunk) => {
            body += chunk;
          });
          resp.on("end", () => {
            if (resp.statusCode >= 400) {
              reject(
                new Error(`push failed with status ${resp.statusCode}, ${body}`)
              );
            } else {
              resolve({ resp, body });
            }
          });
        });
        req.on("error", (err) => {
          reject(err);
        });
        req.on("timeout", () => {
          req.destroy(new Error("Pushgateway request timed out"));
        });
        if (method !== "DELETE") {
          this.registry.metrics().then((metrics) => {
            if (options.headers && options.headers["Content-Encoding"] === "gzip") {
              metrics = gzipSync(metrics);
            }
            req.write(metrics);
            req.end();
          }).catch((err) => {
            reject(err);
          });
        } else {
          req.end();
        }
      });
    }
    function generateGroupings(groupings) {
      if (!groupings) {
        return "";
      }
      return Object.keys(groupings).map(
        (key) => `/${encodeURIComponent(key)}/${encodeURIComponent(groupings[key])}`
      ).join("");
    }
    function isHttps(href) {
      return href.search(/^https/) !== -1;
    }
    module2.exports = Pushgateway;
  }
});

// node_modules/prom-client/lib/bucketGenerators.js
var require_bucketGenerators = __commonJS({
  "node_modules/prom-client/lib/bucketGenerators.js"(exports2) {
    "use strict";
    exports2.linearBuckets = (start, width, count) => {
      if (count < 1) {
        throw new Error("Linear buckets needs a positive count");
      }
      const buckets = new Array(count);
      for (let i = 0; i < count; i++) {
        buckets[i] = start + i * width;
      }
      return buckets;
    };
    exports2.exponentialBuckets = (start, factor, count) => {
      if (start <= 0) {
        throw new Error("Exponential buckets needs a positive start");
      }
      if (count < 1) {
        throw new Error("Exponential buckets needs a positive count");
      }
      if (factor <= 1) {
        throw new Error("Exponential buckets needs a factor greater than 1");
      }
      const buckets = new Array(count);
      for (let i = 0; i < count; i++) {
        buckets[i] = start;
        start *= factor;
      }
      return buckets;
    };
  }
});

// node_modules/@opentelemetry/api/dist/diag/types.cjs
var require_types2 = __commonJS({
  "node_modules/@opentelemetry/api/dist/diag/types.cjs"(exports2) {
    var DiagLogLevel = /* @__PURE__ */ (function(DiagLogLevel2) {
      DiagLogLevel2[DiagLogLevel2["NONE"] = 0] = "NONE";
      DiagLogLevel2[DiagLogLevel2["ERROR"] = 30] = "ERROR";
      DiagLogLevel2[DiagLogLevel2["WARN"] = 50] = "WARN";
      DiagLogLevel2[DiagLogLevel2["INFO"] = 60] = "INFO";
      DiagLogLevel2[DiagLogLevel2["DEBUG"] = 70] = "DEBUG";
      DiagLogLevel2[DiagLogLevel2["VERBOSE"] = 80] = "VERBOSE";
      DiagLogLevel2[DiagLogLevel2["ALL"] = 9999] = "ALL";
      return DiagLogLevel2;
    })({});
    exports2.DiagLogLevel = DiagLogLevel;
  }
});

// node_modules/@opentelemetry/api/dist/version.cjs
var require_version = __commonJS({
  "node_modules/@opentelemetry/api/dist/version.cjs"(exports2) {
    var VERSION = "1.10.0";
    exports2.VERSION = VERSION;
  }
});

// node_modules/@opentelemetry/api/dist/internal/semver.cjs
var require_semver = __commonJS({
  "node_modules/@opentelemetry/api/dist/internal/semver.cjs"(exports2) {
    var require_version3 = require_version();
    var re = /^(\d+)\.(\d+)\.(\d+)(-(.+))?$/;
    function _makeCompatibilityCheck(ownVersion) {
      const acceptedVersions = /* @__PURE__ */ new Set([ownVersion]);
      const rejectedVersions = /* @__PURE__ */ new Set();
      const myVersionMatch = ownVersion.match(re);
      if (!myVersionMatch) return () => false;
      const ownVersionParsed = {
        major: +myVersionMatch[1],
        minor: +myVersionMatch[2],
        patch: +myVersionMatch[3],
        prerelease: myVersionMatch[4]
      };
      if (ownVersionParsed.prerelease != null) return function isExactmatch(globalVersion) {
        return globalVersion === ownVersion;
      };
      function _reject(v) {
        rejectedVersions.add(v);
        return false;
      }
      function _accept(v) {
        acceptedVersions.add(v);
        return true;
      }
      return function isCompatible2(globalVersion) {
        if (acceptedVersions.has(globalVersion)) return true;
        if (rejectedVersions.has(globalVersion)) return false;
        const globalVersionMatch = globalVersion.match(re);
        if (!globalVersionMatch) return _reject(globalVersion);
        const globalVersionParsed = {
          major: +globalVersionMatch[1],
          minor: +globalVersionMatch[2],
          patch: +globalVersionMatch[3],
          prerelease: globalVersionMatch[4]
        };
        if (globalVersionParsed.prerelease != null) return _reject(globalVersion);
        if (ownVersionParsed.major !== globalVersionParsed.major) return _reject(globalVersion);
        if (ownVersionParsed.major === 0) {
          if (ownVersionParsed.minor === globalVersionParsed.minor && ownVersionParsed.patch <= globalVersionParsed.patch) return _accept(globalVersion);
          return _reject(globalVersion);
        }
        if (ownVersionParsed.minor <= globalVersionParsed.minor) return _accept(globalVersion);
        return _reject(globalVersion);
      };
    }
    var isCompatible = _makeCompatibilityCheck(require_version3.VERSION);
    exports2._makeCompatibilityCheck = _makeCompatibilityCheck;
    exports2.isCompatible = isCompatible;
  }
});

// node_modules/@opentelemetry/api/dist/internal/global-utils.cjs
var require_global_utils = __commonJS({
  "node_modules/@opentelemetry/api/dist/internal/global-utils.cjs"(exports2) {
    var require_version3 = require_version();
    var require_semver2 = require_semver();
    var major = require_version3.VERSION.split(".")[0];
    var GLOBAL_OPENTELEMETRY_API_KEY = /* @__PURE__ */ Symbol.for(`opentelemetry.js.api.${major}`);
    var _global = typeof globalThis === "object" ? globalThis : typeof self === "object" ? self : typeof window === "object" ? window : typeof global === "object" ? global : {};
    function _makeGlobalApi() {
      return Object.defineProperty({}, "version", {
        value: require_version3.VERSION,
        enumerable: true,
        writable: false,
        configurable: false
      });
    }
    function registerGlobal(type, instance, diag, allowOverride = false) {
      var _global$GLOBAL_OPENTE;
      const api = _global[GLOBAL_OPENTELEMETRY_API_KEY] = (_global$GLOBAL_OPENTE = _global[GLOBAL_OPENTELEMETRY_API_KEY]) !== null && _global$GLOBAL_OPENTE !== void 0 ? _global$GLOBAL_OPENTE : _makeGlobalApi();
      if (!allowOverride && api[type]) {
        const err = /* @__PURE__ */ new Error(`@opentelemetry/api: Attempted duplicate registration of API: ${type}`);
        diag.error(err.stack || err.message);
        return false;
      }
      if (api.version !== "1.10.0") {
        const err = /* @__PURE__ */ new Error(`@opentelemetry/api: Registration of version v${api.version} for ${type} does not match previously registered API v${require_version3.VERSION}`);
        diag.error(err.stack || err.message);
        return false;
      }
      api[type] = instance;
      diag.debug(`@opentelemetry/api: Registered a global for ${type} v${require_version3.VERSION}.`);
      return true;
    }
    var _compatibleGlobalApi;
    function getGlobal(type) {
      const api = _global[GLOBAL_OPENTELEMETRY_API_KEY];
      if (api == null) return;
      if (api !== _compatibleGlobalApi) {
        if (!api.version || !require_semver2.isCompatible(api.version)) return;
        _compatibleGlobalApi = api;
      }
      return api[type];
    }
    function unregisterGlobal(type, diag) {
      diag.debug(`@opentelemetry/api: Unregistering a global for ${type} v${require_version3.VERSION}.`);
      const api = _global[GLOBAL_OPENTELEMETRY_API_KEY];
      if (api) delete api[type];
    }
    exports2.getGlobal = getGlobal;
    exports2.registerGlobal = registerGlobal;
    exports2.unregisterGlobal = unregisterGlobal;
  }
});

// node_modules/@opentelemetry/api/dist/diag/ComponentLogger.cjs
var require_ComponentLogger = __commonJS({
  "node_modules/@opentelemetry/api/dist/diag/ComponentLogger.cjs"(exports2) {
    var require_global_utils2 = require_global_utils();
    var DiagComponentLogger = class {
      constructor(props) {
        this._namespace = props.namespace || "DiagComponentLogger";
      }
      debug(...args) {
        return logProxy("debug", this._namespace, args);
      }
      error(...args) {
        return logProxy("error", this._namespace, args);
      }
      info(...args) {
        return logProxy("info", this._namespace, args);
      }
      warn(...args) {
        return logProxy("warn", this._namespace, args);
      }
      verbose(...args) {
        return logProxy("verbose", this._namespace, args);
      }
    };
    function logProxy(funcName, namespace2, args) {
      const logger = require_global_utils2.getGlobal("diag");
      if (!logger) return;
      return logger[funcName](namespace2, ...args);
    }
    exports2.DiagComponentLogger = DiagComponentLogger;
  }
});

// node_modules/@opentelemetry/api/dist/diag/internal/logLevelLogger.cjs
var require_logLevelLogger = __commonJS({
  "node_modules/@opentelemetry/api/dist/diag/internal/logLevelLogger.cjs"(exports2) {
    require_types2();
    function createLogLevelDiagLogger(maxLevel, logger) {
      if (maxLevel < 0) maxLevel = 0;
      else if (maxLevel > 9999) maxLevel = 9999;
      logger = logger || {};
      function _filterFunc(funcName, theLevel) {
        const theFunc = logger[funcName];
        if (typeof theFunc === "function" && maxLevel >= theLevel) return theFunc.bind(logger);
        return function() {
        };
      }
      return {
        error: _filterFunc("error", 30),
        warn: _filterFunc("warn", 50),
        info: _filterFunc("info", 60),
        debug: _filterFunc("debug", 70),
        verbose: _filterFunc("verbose", 80)
      };
    }
    exports2.createLogLevelDiagLogger = createLogLevelDiagLogger;
  }
});

// node_modules/@opentelemetry/api/dist/api/diag.cjs
var require_diag = __commonJS({
  "node_modules/@opentelemetry/api/dist/api/diag.cjs"(exports2) {
    var require_global_utils2 = require_global_utils();
    var require_ComponentLogger2 = require_ComponentLogger();
    require_types2();
    var require_logLevelLogger2 = require_logLevelLogger();
    var API_NAME = "diag";
    var DiagAPI = class DiagAPI2 {
      /** Get the singleton instance of the DiagAPI API */
      static instance() {
        if (!this._instance) this._instance = new DiagAPI2();
        return this._instance;
      }
      /**
      * Private internal constructor
      * @private
      */
      constructor() {
        function _logProxy(funcName) {
          return function(...args) {
            const logger = require_global_utils2.getGlobal("diag");
            if (!logger) return;
            return logger[funcName](...args);
          };
        }
        const self2 = this;
        const setLogger = (logger, optionsOrLogLevel = { logLevel: 60 }) => {
          var _optionsOrLogLevel$lo;
          if (logger === self2) {
            var _err$stack;
            const err = /* @__PURE__ */ new Error("Cannot use diag as the logger for itself. Please use a DiagLogger implementation like ConsoleDiagLogger or a custom implementation");
            self2.error((_err$stack = err.stack) !== null && _err$stack !== void 0 ? _err$stack : err.message);
            return false;
          }
          if (typeof optionsOrLogLevel === "number") optionsOrLogLevel = { logLevel: optionsOrLogLevel };
          const oldLogger = require_global_utils2.getGlobal("diag");
          const newLogger = require_logLevelLogger2.createLogLevelDiagLogger((_optionsOrLogLevel$lo = optionsOrLogLevel.logLevel) !== null && _optionsOrLogLevel$lo !== void 0 ? _optionsOrLogLevel$lo : 60, logger);
          if (oldLogger && !optionsOrLogLevel.suppressOverrideMessage) {
            var _Error$stack;
            const stack = (_Error$stack = (/* @__PURE__ */ new Error()).stack) !== null && _Error$stack !== void 0 ? _Error$stack : "<failed to generate stacktrace>";
            oldLogger.warn(`Current logger will be overwritten from ${stack}`);
            newLogger.warn(`Current logger will overwrite one already registered from ${stack}`);
          }
          return require_global_utils2.registerGlobal("diag", newLogger, self2, true);
        };
        self2.setLogger = setLogger;
        self2.disable = () => {
          require_global_utils2.unregisterGlobal(API_NAME, self2);
        };
        self2.createComponentLogger = (options) => {
          return new require_ComponentLogger2.DiagComponentLogger(options);
        };
        self2.verbose = _logProxy("verbose");
        self2.debug = _logProxy("debug");
        self2.info = _logProxy("info");
        self2.warn = _logProxy("warn");
        self2.error = _logProxy("error");
      }
    };
    exports2.DiagAPI = DiagAPI;
  }
});

// node_modules/@opentelemetry/api/dist/baggage/internal/baggage-impl.cjs
var require_baggage_impl = __commonJS({
  "node_modules/@opentelemetry/api/dist/baggage/internal/baggage-impl.cjs"(exports2) {
    var BaggageImpl = class BaggageImpl2 {
      constructor(entries) {
        this._entries = entries ? new Map(entries) : /* @__PURE__ */ new Map();
      }
      getEntry(key) {
        const entry = this._entries.get(key);
        if (!entry) return;
        return Object.assign({}, entry);
      }
      getAllEntries() {
        return Array.from(this._entries.entries());
      }
      setEntry(key, entry) {
        const newBaggage = new BaggageImpl2(this._entries);
        newBaggage._entries.set(key, entry);
        return newBaggage;
      }
      removeEntry(key) {
        const newBaggage = new BaggageImpl2(this._entries);
        newBaggage._entries.delete(key);
        return newBaggage;
      }
      removeEntries(...keys) {
        const newBaggage = new BaggageImpl2(this._entries);
        for (const key of keys) newBaggage._entries.delete(key);
        return newBaggage;
      }
      clear() {
        return new BaggageImpl2();
      }
    };
    exports2.BaggageImpl = BaggageImpl;
  }
});

// node_modules/@opentelemetry/api/dist/baggage/internal/symbol.cjs
var require_symbol = __commonJS({
  "node_modules/@opentelemetry/api/dist/baggage/internal/symbol.cjs"(exports2) {
    var baggageEntryMetadataSymbol = /* @__PURE__ */ Symbol("BaggageEntryMetadata");
    exports2.baggageEntryMetadataSymbol = baggageEntryMetadataSymbol;
  }
});

// node_modules/@opentelemetry/api/dist/baggage/utils.cjs
var require_utils = __commonJS({
  "node_modules/@opentelemetry/api/dist/baggage/utils.cjs"(exports2) {
    var require_diag2 = require_diag();
    var require_baggage_impl2 = require_baggage_impl();
    var require_symbol2 = require_symbol();
    var diag = require_diag2.DiagAPI.instance();
    function createBaggage(entries = {}) {
      return new require_baggage_impl2.BaggageImpl(new Map(Object.entries(entries)));
    }
    function baggageEntryMetadataFromString(str) {
      if (typeof str !== "string") {
        diag.error(`Cannot create baggage metadata from unknown type: ${typeof str}`);
        str = "";
      }
      return {
        __TYPE__: require_symbol2.baggageEntryMetadataSymbol,
        toString() {
          return str;
        }
      };
    }
    exports2.baggageEntryMetadataFromString = baggageEntryMetadataFromString;
    exports2.createBaggage = createBaggage;
  }
});

// node_modules/@opentelemetry/api/dist/context/context.cjs
var require_context = __commonJS({
  "node_modules/@opentelemetry/api/dist/context/context.cjs"(exports2) {
    function createContextKey(description) {
      return Symbol.for(description);
    }
    var ROOT_CONTEXT = new class BaseContext {
      /**
      * Construct a new context which inherits values from an optional parent context.
      *
      * @param parentContext a context from which to inherit values
      */
      constructor(parentContext) {
        const self2 = this;
        self2._currentContext = parentContext ? new Map(parentContext) : /* @__PURE__ */ new Map();
        self2.getValue = (key) => self2._currentContext.get(key);
        self2.setValue = (key, value) => {
          const context = new BaseContext(self2._currentContext);
          context._currentContext.set(key, value);
          return context;
        };
        self2.deleteValue = (key) => {
          const context = new BaseContext(self2._currentContext);
          context._currentContext.delete(key);
          return context;
        };
      }
    }();
    exports2.ROOT_CONTEXT = ROOT_CONTEXT;
    exports2.createContextKey = createContextKey;
  }
});

// node_modules/@opentelemetry/api/dist/diag/consoleLogger.cjs
var require_consoleLogger = __commonJS({
  "node_modules/@opentelemetry/api/dist/diag/consoleLogger.cjs"(exports2) {
    var consoleMap = [
      {
        n: "error",
        c: "error"
      },
      {
        n: "warn",
        c: "warn"
      },
      {
        n: "info",
        c: "info"
      },
      {
        n: "debug",
        c: "debug"
      },
      {
        n: "verbose",
        c: "trace"
      }
    ];
    var _originalConsoleMethods = {};
    if (typeof console !== "undefined") {
      for (const key of [
        "error",
        "warn",
        "info",
        "debug",
        "trace",
        "log"
      ]) if (typeof console[key] === "function") _originalConsoleMethods[key] = console[key];
    }
    var DiagConsoleLogger = class {
      constructor() {
        function _consoleFunc(funcName) {
          return function(...args) {
            let theFunc = _originalConsoleMethods[funcName];
            if (typeof theFunc !== "function") theFunc = _originalConsoleMethods["log"];
            if (typeof theFunc !== "function" && console) {
              theFunc = console[funcName];
              if (typeof theFunc !== "function") theFunc = console.log;
            }
            if (typeof theFunc === "function") return theFunc.apply(console, args);
          };
        }
        for (let i = 0; i < consoleMap.length; i++) this[consoleMap[i].n] = _consoleFunc(consoleMap[i].c);
      }
    };
    exports2.DiagConsoleLogger = DiagConsoleLogger;
    exports2._originalConsoleMethods = _originalConsoleMethods;
  }
});

// node_modules/@opentelemetry/api/dist/metrics/NoopMeter.cjs
var require_NoopMeter = __commonJS({
  "node_modules/@opentelemetry/api/dist/metrics/NoopMeter.cjs"(exports2) {
    var NoopMeter = class {
      constructor() {
      }
      /**
      * @see {@link Meter.createGauge}
      */
      createGauge(_name, _options) {
        return NOOP_GAUGE_METRIC;
      }
      /**
      * @see {@link Meter.createHistogram}
      */
      createHistogram(_name, _options) {
        return NOOP_HISTOGRAM_METRIC;
      }
      /**
      * @see {@link Meter.createCounter}
      */
      createCounter(_name, _options) {
        return NOOP_COUNTER_METRIC;
      }
      /**
      * @see {@link Meter.createUpDownCounter}
      */
      createUpDownCounter(_name, _options) {
        return NOOP_UP_DOWN_COUNTER_METRIC;
      }
      /**
      * @see {@link Meter.createObservableGauge}
      */
      createObservableGauge(_name, _options) {
        return NOOP_OBSERVABLE_GAUGE_METRIC;
      }
      /**
      * @see {@link Meter.createObservableCounter}
      */
      createObservableCounter(_name, _options) {
        return NOOP_OBSERVABLE_COUNTER_METRIC;
      }
      /**
      * @see {@link Meter.createObservableUpDownCounter}
      */
      createObservableUpDownCounter(_name, _options) {
        return NOOP_OBSERVABLE_UP_DOWN_COUNTER_METRIC;
      }
      /**
      * @see {@link Meter.addBatchObservableCallback}
      */
      addBatchObservableCallback(_callback, _observables) {
      }
      /**
      * @see {@link Meter.removeBatchObservableCallback}
      */
      removeBatchObservableCallback(_callback) {
      }
    };
    var NoopMetric = class {
    };
    var NoopCounterMetric = class extends NoopMetric {
      add(_value, _attributes) {
      }
    };
    var NoopUpDownCounterMetric = class extends NoopMetric {
      add(_value, _attributes) {
      }
    };
    var NoopGaugeMetric = class extends NoopMetric {
      record(_value, _attributes) {
      }
    };
    var NoopHistogramMetric = class extends NoopMetric {
      record(_value, _attributes) {
      }
    };
    var NoopObservableMetric = class {
      addCallback(_callback) {
      }
      removeCallback(_callback) {
      }
    };
    var NoopObservableCounterMetric = class extends NoopObservableMetric {
    };
    var NoopObservableGaugeMetric = class extends NoopObservableMetric {
    };
    var NoopObservableUpDownCounterMetric = class extends NoopObservableMetric {
    };
    var NOOP_METER = new NoopMeter();
    var NOOP_COUNTER_METRIC = new NoopCounterMetric();
    var NOOP_GAUGE_METRIC = new NoopGaugeMetric();
    var NOOP_HISTOGRAM_METRIC = new NoopHistogramMetric();
    var NOOP_UP_DOWN_COUNTER_METRIC = new NoopUpDownCounterMetric();
    var NOOP_OBSERVABLE_COUNTER_METRIC = new NoopObservableCounterMetric();
    var NOOP_OBSERVABLE_GAUGE_METRIC = new NoopObservableGaugeMetric();
    var NOOP_OBSERVABLE_UP_DOWN_COUNTER_METRIC = new NoopObservableUpDownCounterMetric();
    function createNoopMeter() {
      return NOOP_METER;
    }
    exports2.NOOP_COUNTER_METRIC = NOOP_COUNTER_METRIC;
    exports2.NOOP_GAUGE_METRIC = NOOP_GAUGE_METRIC;
    exports2.NOOP_HISTOGRAM_METRIC = NOOP_HISTOGRAM_METRIC;
    exports2.NOOP_METER = NOOP_METER;
    exports2.NOOP_OBSERVABLE_COUNTER_METRIC = NOOP_OBSERVABLE_COUNTER_METRIC;
    exports2.NOOP_OBSERVABLE_GAUGE_METRIC = NOOP_OBSERVABLE_GAUGE_METRIC;
    exports2.NOOP_OBSERVABLE_UP_DOWN_COUNTER_METRIC = NOOP_OBSERVABLE_UP_DOWN_COUNTER_METRIC;
    exports2.NOOP_UP_DOWN_COUNTER_METRIC = NOOP_UP_DOWN_COUNTER_METRIC;
    exports2.NoopCounterMetric = NoopCounterMetric;
    exports2.NoopGaugeMetric = NoopGaugeMetric;
    exports2.NoopHistogramMetric = NoopHistogramMetric;
    exports2.NoopMeter = NoopMeter;
    exports2.NoopMetric = NoopMetric;
    exports2.NoopObservableCounterMetric = NoopObservableCounterMetric;
    exports2.NoopObservableGaugeMetric = NoopObservableGaugeMetric;
    exports2.NoopObservableMetric = NoopObservableMetric;
    exports2.NoopObservableUpDownCounterMetric = NoopObservableUpDownCounterMetric;
    exports2.NoopUpDownCounterMetric = NoopUpDownCounterMetric;
    exports2.createNoopMeter = createNoopMeter;
  }
});

// node_modules/@opentelemetry/api/dist/metrics/Metric.cjs
var require_Metric = __commonJS({
  "node_modules/@opentelemetry/api/dist/metrics/Metric.cjs"(exports2) {
    var ValueType = /* @__PURE__ */ (function(ValueType2) {
      ValueType2[ValueType2["INT"] = 0] = "INT";
      ValueType2[ValueType2["DOUBLE"] = 1] = "DOUBLE";
      return ValueType2;
    })({});
    exports2.ValueType = ValueType;
  }
});

// node_modules/@opentelemetry/api/dist/logs/NoopLogger.cjs
var require_NoopLogger = __commonJS({
  "node_modules/@opentelemetry/api/dist/logs/NoopLogger.cjs"(exports2) {
    var NoopLogger = class {
      emit(_logRecord) {
      }
      enabled() {
        return false;
      }
    };
    var NOOP_LOGGER = new NoopLogger();
    function createNoopLogger() {
      return NOOP_LOGGER;
    }
    exports2.NOOP_LOGGER = NOOP_LOGGER;
    exports2.NoopLogger = NoopLogger;
    exports2.createNoopLogger = createNoopLogger;
  }
});

// node_modules/@opentelemetry/api/dist/logs/LogRecord.cjs
var require_LogRecord = __commonJS({
  "node_modules/@opentelemetry/api/dist/logs/LogRecord.cjs"(exports2) {
    var SeverityNumber = /* @__PURE__ */ (function(SeverityNumber2) {
      SeverityNumber2[SeverityNumber2["UNSPECIFIED"] = 0] = "UNSPECIFIED";
      SeverityNumber2[SeverityNumber2["TRACE"] = 1] = "TRACE";
      SeverityNumber2[SeverityNumber2["TRACE2"] = 2] = "TRACE2";
      SeverityNumber2[SeverityNumber2["TRACE3"] = 3] = "TRACE3";
      SeverityNumber2[SeverityNumber2["TRACE4"] = 4] = "TRACE4";
      SeverityNumber2[SeverityNumber2["DEBUG"] = 5] = "DEBUG";
      SeverityNumber2[SeverityNumber2["DEBUG2"] = 6] = "DEBUG2";
      SeverityNumber2[SeverityNumber2["DEBUG3"] = 7] = "DEBUG3";
      SeverityNumber2[SeverityNumber2["DEBUG4"] = 8] = "DEBUG4";
      SeverityNumber2[SeverityNumber2["INFO"] = 9] = "INFO";
      SeverityNumber2[SeverityNumber2["INFO2"] = 10] = "INFO2";
      SeverityNumber2[SeverityNumber2["INFO3"] = 11] = "INFO3";
      SeverityNumber2[SeverityNumber2["INFO4"] = 12] = "INFO4";
      SeverityNumber2[SeverityNumber2["WARN"] = 13] = "WARN";
      SeverityNumber2[SeverityNumber2["WARN2"] = 14] = "WARN2";
      SeverityNumber2[SeverityNumber2["WARN3"] = 15] = "WARN3";
      SeverityNumber2[SeverityNumber2["WARN4"] = 16] = "WARN4";
      SeverityNumber2[SeverityNumber2["ERROR"] = 17] = "ERROR";
      SeverityNumber2[SeverityNumber2["ERROR2"] = 18] = "ERROR2";
      SeverityNumber2[SeverityNumber2["ERROR3"] = 19] = "ERROR3";
      SeverityNumber2[SeverityNumber2["ERROR4"] = 20] = "ERROR4";
      SeverityNumber2[SeverityNumber2["FATAL"] = 21] = "FATAL";
      SeverityNumber2[SeverityNumber2["FATAL2"] = 22] = "FATAL2";
      SeverityNumber2[SeverityNumber2["FATAL3"] = 23] = "FATAL3";
      SeverityNumber2[SeverityNumber2["FATAL4"] = 24] = "FATAL4";
      return SeverityNumber2;
    })({});
    exports2.SeverityNumber = SeverityNumber;
  }
});

// node_modules/@opentelemetry/api/dist/propagation/TextMapPropagator.cjs
var require_TextMapPropagator = __commonJS({
  "node_modules/@opentelemetry/api/dist/propagation/TextMapPropagator.cjs"(exports2) {
    var defaultTextMapGetter = {
      get(carrier, key) {
        if (carrier == null) return;
        return carrier[key];
      },
      keys(carrier) {
        if (carrier == null) return [];
        return Object.keys(carrier);
      }
    };
    var defaultTextMapSetter = { set(carrier, key, value) {
      if (carrier == null) return;
      carrier[key] = value;
    } };
    exports2.defaultTextMapGetter = defaultTextMapGetter;
    exports2.defaultTextMapSetter = defaultTextMapSetter;
  }
});

// node_modules/@opentelemetry/api/dist/trace/trace_flags.cjs
var require_trace_flags = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/trace_flags.cjs"(exports2) {
    var TraceFlags = /* @__PURE__ */ (function(TraceFlags2) {
      TraceFlags2[TraceFlags2["NONE"] = 0] = "NONE";
      TraceFlags2[TraceFlags2["SAMPLED"] = 1] = "SAMPLED";
      return TraceFlags2;
    })({});
    exports2.TraceFlags = TraceFlags;
  }
});

// node_modules/@opentelemetry/api/dist/trace/invalid-span-constants.cjs
var require_invalid_span_constants = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/invalid-span-constants.cjs"(exports2) {
    require_trace_flags();
    var INVALID_SPANID = "0000000000000000";
    var INVALID_TRACEID = "00000000000000000000000000000000";
    var INVALID_SPAN_CONTEXT = {
      traceId: INVALID_TRACEID,
      spanId: INVALID_SPANID,
      traceFlags: 0
    };
    exports2.INVALID_SPANID = INVALID_SPANID;
    exports2.INVALID_SPAN_CONTEXT = INVALID_SPAN_CONTEXT;
    exports2.INVALID_TRACEID = INVALID_TRACEID;
  }
});

// node_modules/@opentelemetry/api/dist/trace/NonRecordingSpan.cjs
var require_NonRecordingSpan = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/NonRecordingSpan.cjs"(exports2) {
    var require_invalid_span_constants2 = require_invalid_span_constants();
    var NonRecordingSpan = class {
      constructor(spanContext = require_invalid_span_constants2.INVALID_SPAN_CONTEXT) {
        this._spanContext = spanContext;
      }
      spanContext() {
        return this._spanContext;
      }
      setAttribute(_key, _value) {
        return this;
      }
      setAttributes(_attributes) {
        return this;
      }
      addEvent(_name, _attributes) {
        return this;
      }
      addLink(_link) {
        return this;
      }
      addLinks(_links) {
        return this;
      }
      setStatus(_status) {
        return this;
      }
      updateName(_name) {
        return this;
      }
      end(_endTime) {
      }
      isRecording() {
        return false;
      }
      recordException(_exception, _time) {
      }
    };
    exports2.NonRecordingSpan = NonRecordingSpan;
  }
});

// node_modules/@opentelemetry/api/dist/trace/spancontext-utils.cjs
var require_spancontext_utils = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/spancontext-utils.cjs"(exports2) {
    require_invalid_span_constants();
    var require_NonRecordingSpan2 = require_NonRecordingSpan();
    var isHex = new Uint8Array([
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      1,
      1,
      1,
      1,
      1,
      1,
      1,
      1,
      1,
      1,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      1,
      1,
      1,
      1,
      1,
      1,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      1,
      1,
      1,
      1,
      1,
      1
    ]);
    function isValidHex(id, length) {
      if (typeof id !== "string" || id.length !== length) return false;
      let r = 0;
      for (let i = 0; i < id.length; i += 4) r += (isHex[id.charCodeAt(i)] | 0) + (isHex[id.charCodeAt(i + 1)] | 0) + (isHex[id.charCodeAt(i + 2)] | 0) + (isHex[id.charCodeAt(i + 3)] | 0);
      return r === length;
    }
    function isValidTraceId(traceId) {
      return isValidHex(traceId, 32) && traceId !== "00000000000000000000000000000000";
    }
    function isValidSpanId(spanId) {
      return isValidHex(spanId, 16) && spanId !== "0000000000000000";
    }
    function isSpanContextValid(spanContext) {
      return isValidTraceId(spanContext.traceId) && isValidSpanId(spanContext.spanId);
    }
    function wrapSpanContext(spanContext) {
      return new require_NonRecordingSpan2.NonRecordingSpan(spanContext);
    }
    exports2.isSpanContextValid = isSpanContextValid;
    exports2.isValidSpanId = isValidSpanId;
    exports2.isValidTraceId = isValidTraceId;
    exports2.wrapSpanContext = wrapSpanContext;
  }
});

// node_modules/@opentelemetry/api/dist/context/NoopContextManager.cjs
var require_NoopContextManager = __commonJS({
  "node_modules/@opentelemetry/api/dist/context/NoopContextManager.cjs"(exports2) {
    var require_context3 = require_context();
    var NoopContextManager = class {
      active() {
        return require_context3.ROOT_CONTEXT;
      }
      with(_context, fn, thisArg, ...args) {
        return fn.call(thisArg, ...args);
      }
      bind(_context, target) {
        return target;
      }
      enable() {
        return this;
      }
      disable() {
        return this;
      }
      /** @experimental This API is experimental and may change in minor releases without prior notice. */
      attach(_context) {
        return { dispose() {
        } };
      }
    };
    exports2.NoopContextManager = NoopContextManager;
  }
});

// node_modules/@opentelemetry/api/dist/api/context.cjs
var require_context2 = __commonJS({
  "node_modules/@opentelemetry/api/dist/api/context.cjs"(exports2) {
    var require_global_utils2 = require_global_utils();
    var require_diag2 = require_diag();
    var require_NoopContextManager2 = require_NoopContextManager();
    var API_NAME = "context";
    var NOOP_CONTEXT_MANAGER = new require_NoopContextManager2.NoopContextManager();
    var NOOP_TOKEN = Object.freeze({ dispose: () => {
    } });
    var ContextAPI = class ContextAPI2 {
      /** Empty private constructor prevents end users from constructing a new instance of the API */
      constructor() {
        this._attachUnsupportedWarned = false;
      }
      /** Get the singleton instance of the Context API */
      static getInstance() {
        if (!this._instance) this._instance = new ContextAPI2();
        return this._instance;
      }
      /**
      * Set the current context manager.
      *
      * @returns true if the context manager was successfully registered, else false
      */
      setGlobalContextManager(contextManager) {
        return require_global_utils2.registerGlobal(API_NAME, contextManager, require_diag2.DiagAPI.instance());
      }
      /**
      * Get the currently active context
      */
      active() {
        return this._getContextManager().active();
      }
      /**
      * Execute a function with an active context
      *
      * @param context context to be active during function execution
      * @param fn function to execute in a context
      * @param thisArg optional receiver to be used for calling fn
      * @param args optional arguments forwarded to fn
      */
      with(context, fn, thisArg, ...args) {
        return this._getContextManager().with(context, fn, thisArg, ...args);
      }
      /**
      * Bind a context to a target function or event emitter
      *
      * @param context context to bind to the event emitter or function. Defaults to the currently active context
      * @param target function or event emitter to bind
      */
      bind(context, target) {
        return this._getContextManager().bind(context, target);
      }
      /**
      * Imperatively sets `context` as active, returning a {@link ContextManagementToken} whose
      * {@link ContextManagementToken.dispose} restores the previous context.
      *
      * This is a delicate, low-level API - prefer {@link with}/{@link bind}, which
      * restore context automatically. Use `attach` only to bridge callback
      * boundaries that `with` cannot wrap. Call `token.dispose()` when the
      * operation is done.
      *
      * **Caveat for async functions:** If called inside an async function before
      * the first `await`, the context change may leak into the caller's context
      * and remain active there. Prefer {@link with} for async code.
      *
      * Support is best-effort and varies by the active ContextManager (see
      * {@link ContextManager.attach}); if it does not implement `attach`, this logs
      * a warning and returns a no-op token.
      *
      * @param context The Context to attach
      * @returns A {@link ContextManagementToken} whose dispose() restores the previous Context
      * @since 1.10.0
      * @experimental This API is experimental and may change in minor releases without prior notice.
      */
      attach(context) {
        const contextManager = this._getContextManager();
        if (contextManager.attach) return contextManager.attach(context);
        if (!this._attachUnsupportedWarned) {
          this._attachUnsupportedWarned = true;
          require_diag2.DiagAPI.instance().warn("The current ContextManager does not implement attach(). The context will not be attached. Use a ContextManager that supports attach() (e.g. AsyncLocalStorageContextManager) or use with()/bind() instead.");
        }
        return NOOP_TOKEN;
      }
      _getContextManager() {
        return require_global_utils2.getGlobal(API_NAME) || NOOP_CONTEXT_MANAGER;
      }
      /** Disable and remove the global context manager */
      disable() {
        this._getContextManager().disable();
        require_global_utils2.unregisterGlobal(API_NAME, require_diag2.DiagAPI.instance());
      }
    };
    exports2.ContextAPI = ContextAPI;
  }
});

// node_modules/@opentelemetry/api/dist/trace/context-utils.cjs
var require_context_utils = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/context-utils.cjs"(exports2) {
    var require_context3 = require_context();
    var require_context$1 = require_context2();
    var require_NonRecordingSpan2 = require_NonRecordingSpan();
    var SPAN_KEY = require_context3.createContextKey("OpenTelemetry Context Key SPAN");
    function getSpan(context) {
      return context.getValue(SPAN_KEY) || void 0;
    }
    function getActiveSpan() {
      return getSpan(require_context$1.ContextAPI.getInstance().active());
    }
    function setSpan(context, span) {
      return context.setValue(SPAN_KEY, span);
    }
    function deleteSpan(context) {
      return context.deleteValue(SPAN_KEY);
    }
    function setSpanContext(context, spanContext) {
      return setSpan(context, new require_NonRecordingSpan2.NonRecordingSpan(spanContext));
    }
    function getSpanContext(context) {
      var _getSpan;
      return (_getSpan = getSpan(context)) === null || _getSpan === void 0 ? void 0 : _getSpan.spanContext();
    }
    exports2.deleteSpan = deleteSpan;
    exports2.getActiveSpan = getActiveSpan;
    exports2.getSpan = getSpan;
    exports2.getSpanContext = getSpanContext;
    exports2.setSpan = setSpan;
    exports2.setSpanContext = setSpanContext;
  }
});

// node_modules/@opentelemetry/api/dist/trace/NoopTracer.cjs
var require_NoopTracer = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/NoopTracer.cjs"(exports2) {
    var require_context3 = require_context2();
    var require_NonRecordingSpan2 = require_NonRecordingSpan();
    var require_context_utils2 = require_context_utils();
    var require_spancontext_utils2 = require_spancontext_utils();
    var contextApi = require_context3.ContextAPI.getInstance();
    var NoopTracer = class {
      startSpan(name, options, context = contextApi.active()) {
        if (Boolean(options === null || options === void 0 ? void 0 : options.root)) return new require_NonRecordingSpan2.NonRecordingSpan();
        const parentFromContext = context && require_context_utils2.getSpanContext(context);
        if (isSpanContext(parentFromContext) && require_spancontext_utils2.isSpanContextValid(parentFromContext)) return new require_NonRecordingSpan2.NonRecordingSpan(parentFromContext);
        else return new require_NonRecordingSpan2.NonRecordingSpan();
      }
      startActiveSpan(name, arg2, arg3, arg4) {
        var _ctx;
        let opts;
        let ctx;
        let fn;
        if (arguments.length < 2) return;
        else if (arguments.length === 2) fn = arg2;
        else if (arguments.length === 3) {
          opts = arg2;
          fn = arg3;
        } else {
          opts = arg2;
          ctx = arg3;
          fn = arg4;
        }
        const parentContext = (_ctx = ctx) !== null && _ctx !== void 0 ? _ctx : contextApi.active();
        const span = this.startSpan(name, opts, parentContext);
        const contextWithSpanSet = require_context_utils2.setSpan(parentContext, span);
        return contextApi.with(contextWithSpanSet, fn, void 0, span);
      }
    };
    function isSpanContext(spanContext) {
      return spanContext !== null && typeof spanContext === "object" && "spanId" in spanContext && typeof spanContext["spanId"] === "string" && "traceId" in spanContext && typeof spanContext["traceId"] === "string" && "traceFlags" in spanContext && typeof spanContext["traceFlags"] === "number";
    }
    exports2.NoopTracer = NoopTracer;
  }
});

// node_modules/@opentelemetry/api/dist/trace/ProxyTracer.cjs
var require_ProxyTracer = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/ProxyTracer.cjs"(exports2) {
    var NOOP_TRACER = new (require_NoopTracer()).NoopTracer();
    var ProxyTracer = class {
      constructor(provider, name, version, options) {
        this._provider = provider;
        this.name = name;
        this.version = version;
        this.options = options;
      }
      startSpan(name, options, context) {
        return this._getTracer().startSpan(name, options, context);
      }
      startActiveSpan(_name, _options, _context, _fn) {
        const tracer = this._getTracer();
        return Reflect.apply(tracer.startActiveSpan, tracer, arguments);
      }
      /**
      * Try to get a tracer from the proxy tracer provider.
      * If the proxy tracer provider has no delegate, return a noop tracer.
      */
      _getTracer() {
        if (this._delegate) return this._delegate;
        const tracer = this._provider.getDelegateTracer(this.name, this.version, this.options);
        if (!tracer) return NOOP_TRACER;
        this._delegate = tracer;
        return this._delegate;
      }
    };
    exports2.ProxyTracer = ProxyTracer;
  }
});

// node_modules/@opentelemetry/api/dist/trace/span_kind.cjs
var require_span_kind = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/span_kind.cjs"(exports2) {
    var SpanKind = /* @__PURE__ */ (function(SpanKind2) {
      SpanKind2[SpanKind2["INTERNAL"] = 0] = "INTERNAL";
      SpanKind2[SpanKind2["SERVER"] = 1] = "SERVER";
      SpanKind2[SpanKind2["CLIENT"] = 2] = "CLIENT";
      SpanKind2[SpanKind2["PRODUCER"] = 3] = "PRODUCER";
      SpanKind2[SpanKind2["CONSUMER"] = 4] = "CONSUMER";
      return SpanKind2;
    })({});
    exports2.SpanKind = SpanKind;
  }
});

// node_modules/@opentelemetry/api/dist/trace/status.cjs
var require_status = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/status.cjs"(exports2) {
    var SpanStatusCode = /* @__PURE__ */ (function(SpanStatusCode2) {
      SpanStatusCode2[SpanStatusCode2["UNSET"] = 0] = "UNSET";
      SpanStatusCode2[SpanStatusCode2["OK"] = 1] = "OK";
      SpanStatusCode2[SpanStatusCode2["ERROR"] = 2] = "ERROR";
      return SpanStatusCode2;
    })({});
    exports2.SpanStatusCode = SpanStatusCode;
  }
});

// node_modules/@opentelemetry/api/dist/trace/internal/tracestate-validators.cjs
var require_tracestate_validators = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/internal/tracestate-validators.cjs"(exports2) {
    var VALID_KEY_CHAR_RANGE = "[_0-9a-z-*/]";
    var VALID_KEY_REGEX = new RegExp(`^(?:${`[a-z]${VALID_KEY_CHAR_RANGE}{0,255}`}|${`[a-z0-9]${VALID_KEY_CHAR_RANGE}{0,240}@[a-z]${VALID_KEY_CHAR_RANGE}{0,13}`})$`);
    var VALID_VALUE_BASE_REGEX = /^[ -~]{0,255}[!-~]$/;
    var INVALID_VALUE_COMMA_EQUAL_REGEX = /,|=/;
    function validateKey(key) {
      return VALID_KEY_REGEX.test(key);
    }
    function validateValue(value) {
      return VALID_VALUE_BASE_REGEX.test(value) && !INVALID_VALUE_COMMA_EQUAL_REGEX.test(value);
    }
    exports2.validateKey = validateKey;
    exports2.validateValue = validateValue;
  }
});

// node_modules/@opentelemetry/api/dist/trace/internal/tracestate-impl.cjs
var require_tracestate_impl = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/internal/tracestate-impl.cjs"(exports2) {
    var require_tracestate_validators2 = require_tracestate_validators();
    var MAX_TRACE_STATE_ITEMS = 32;
    var MAX_TRACE_STATE_LEN = 512;
    var LIST_MEMBERS_SEPARATOR = ",";
    var LIST_MEMBER_KEY_VALUE_SPLITTER = "=";
    var TraceStateImpl = class TraceStateImpl2 {
      constructor(rawTraceState) {
        this._internalState = /* @__PURE__ */ new Map();
        if (rawTraceState) this._parse(rawTraceState);
      }
      set(key, value) {
        const currValue = this._internalState.get(key);
        let newLength = this.serialize().length;
        if (typeof currValue === "string") newLength += value.length - currValue.length;
        else {
          if (this._internalState.size >= MAX_TRACE_STATE_ITEMS) return this;
          newLength += key.length + value.length + (this._internalState.size > 0 ? 2 : 1);
        }
        if (newLength > MAX_TRACE_STATE_LEN) return this;
        const traceState = this._clone();
        if (traceState._internalState.has(key)) traceState._internalState.delete(key);
        traceState._internalState.set(key, value);
        return traceState;
      }
      unset(key) {
        const traceState = this._clone();
        traceState._internalState.delete(key);
        return traceState;
      }
      get(key) {
        return this._internalState.get(key);
      }
      serialize() {
        return Array.from(this._internalState.keys()).reduceRight((agg, key) => {
          agg.push(key + LIST_MEMBER_KEY_VALUE_SPLITTER + this.get(key));
          return agg;
        }, []).join(LIST_MEMBERS_SEPARATOR);
      }
      _parse(rawTraceState) {
        if (rawTraceState.length > MAX_TRACE_STATE_LEN) return;
        this._internalState = rawTraceState.split(LIST_MEMBERS_SEPARATOR).reduceRight((agg, part) => {
          const listMember = part.trim();
          const i = listMember.indexOf(LIST_MEMBER_KEY_VALUE_SPLITTER);
          if (i !== -1) {
            const key = listMember.slice(0, i);
            const value = listMember.slice(i + 1, part.length);
            if (require_tracestate_validators2.validateKey(key) && require_tracestate_validators2.validateValue(value)) agg.set(key, value);
          }
          return agg;
        }, /* @__PURE__ */ new Map());
        if (this._internalState.size > MAX_TRACE_STATE_ITEMS) this._internalState = new Map(Array.from(this._internalState.entries()).reverse().slice(0, MAX_TRACE_STATE_ITEMS));
      }
      _keys() {
        return Array.from(this._internalState.keys()).reverse();
      }
      _clone() {
        const traceState = new TraceStateImpl2();
        traceState._internalState = new Map(this._internalState);
        return traceState;
      }
    };
    exports2.TraceStateImpl = TraceStateImpl;
  }
});

// node_modules/@opentelemetry/api/dist/trace/internal/utils.cjs
var require_utils2 = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/internal/utils.cjs"(exports2) {
    var require_tracestate_impl2 = require_tracestate_impl();
    function createTraceState(rawTraceState) {
      return new require_tracestate_impl2.TraceStateImpl(rawTraceState);
    }
    exports2.createTraceState = createTraceState;
  }
});

// node_modules/@opentelemetry/api/dist/trace/NoopTracerProvider.cjs
var require_NoopTracerProvider = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/NoopTracerProvider.cjs"(exports2) {
    var require_NoopTracer2 = require_NoopTracer();
    var NoopTracerProvider = class {
      getTracer(_name, _version, _options) {
        return new require_NoopTracer2.NoopTracer();
      }
    };
    exports2.NoopTracerProvider = NoopTracerProvider;
  }
});

// node_modules/@opentelemetry/api/dist/trace/ProxyTracerProvider.cjs
var require_ProxyTracerProvider = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/ProxyTracerProvider.cjs"(exports2) {
    var require_ProxyTracer2 = require_ProxyTracer();
    var NOOP_TRACER_PROVIDER = new (require_NoopTracerProvider()).NoopTracerProvider();
    var ProxyTracerProvider = class {
      /**
      * Get a {@link ProxyTracer}
      */
      getTracer(name, version, options) {
        var _this$getDelegateTrac;
        return (_this$getDelegateTrac = this.getDelegateTracer(name, version, options)) !== null && _this$getDelegateTrac !== void 0 ? _this$getDelegateTrac : new require_ProxyTracer2.ProxyTracer(this, name, version, options);
      }
      getDelegate() {
        var _this$_delegate;
        return (_this$_delegate = this._delegate) !== null && _this$_delegate !== void 0 ? _this$_delegate : NOOP_TRACER_PROVIDER;
      }
      /**
      * Set the delegate tracer provider
      */
      setDelegate(delegate) {
        this._delegate = delegate;
      }
      getDelegateTracer(name, version, options) {
        var _this$_delegate2;
        return (_this$_delegate2 = this._delegate) === null || _this$_delegate2 === void 0 ? void 0 : _this$_delegate2.getTracer(name, version, options);
      }
    };
    exports2.ProxyTracerProvider = ProxyTracerProvider;
  }
});

// node_modules/@opentelemetry/api/dist/trace/SamplingResult.cjs
var require_SamplingResult = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace/SamplingResult.cjs"(exports2) {
    var SamplingDecision = /* @__PURE__ */ (function(SamplingDecision2) {
      SamplingDecision2[SamplingDecision2["NOT_RECORD"] = 0] = "NOT_RECORD";
      SamplingDecision2[SamplingDecision2["RECORD"] = 1] = "RECORD";
      SamplingDecision2[SamplingDecision2["RECORD_AND_SAMPLED"] = 2] = "RECORD_AND_SAMPLED";
      return SamplingDecision2;
    })({});
    exports2.SamplingDecision = SamplingDecision;
  }
});

// node_modules/@opentelemetry/api/dist/context-api.cjs
var require_context_api = __commonJS({
  "node_modules/@opentelemetry/api/dist/context-api.cjs"(exports2) {
    var context = require_context2().ContextAPI.getInstance();
    exports2.context = context;
  }
});

// node_modules/@opentelemetry/api/dist/diag-api.cjs
var require_diag_api = __commonJS({
  "node_modules/@opentelemetry/api/dist/diag-api.cjs"(exports2) {
    var diag = require_diag().DiagAPI.instance();
    exports2.diag = diag;
  }
});

// node_modules/@opentelemetry/api/dist/logs/NoopLoggerProvider.cjs
var require_NoopLoggerProvider = __commonJS({
  "node_modules/@opentelemetry/api/dist/logs/NoopLoggerProvider.cjs"(exports2) {
    var require_NoopLogger2 = require_NoopLogger();
    var NoopLoggerProvider = class {
      getLogger(_name, _version, _options) {
        return new require_NoopLogger2.NoopLogger();
      }
    };
    var NOOP_LOGGER_PROVIDER = new NoopLoggerProvider();
    exports2.NOOP_LOGGER_PROVIDER = NOOP_LOGGER_PROVIDER;
    exports2.NoopLoggerProvider = NoopLoggerProvider;
  }
});

// node_modules/@opentelemetry/api/dist/logs/ProxyLogger.cjs
var require_ProxyLogger = __commonJS({
  "node_modules/@opentelemetry/api/dist/logs/ProxyLogger.cjs"(exports2) {
    var require_NoopLogger2 = require_NoopLogger();
    var ProxyLogger = class {
      constructor(provider, name, version, options) {
        this._provider = provider;
        this.name = name;
        this.version = version;
        this.options = options;
      }
      /**
      * Emit a log record. This method should only be used by log appenders.
      *
      * @param logRecord
      */
      emit(logRecord) {
        this._getLogger().emit(logRecord);
      }
      enabled(options) {
        return this._getLogger().enabled(options);
      }
      /**
      * Try to get a logger from the proxy logger provider.
      * If the proxy logger provider has no delegate, return a noop logger.
      */
      _getLogger() {
        if (this._delegate) return this._delegate;
        const logger = this._provider._getDelegateLogger(this.name, this.version, this.options);
        if (!logger) return require_NoopLogger2.NOOP_LOGGER;
        this._delegate = logger;
        return this._delegate;
      }
    };
    exports2.ProxyLogger = ProxyLogger;
  }
});

// node_modules/@opentelemetry/api/dist/logs/ProxyLoggerProvider.cjs
var require_ProxyLoggerProvider = __commonJS({
  "node_modules/@opentelemetry/api/dist/logs/ProxyLoggerProvider.cjs"(exports2) {
    var require_NoopLoggerProvider2 = require_NoopLoggerProvider();
    var require_ProxyLogger2 = require_ProxyLogger();
    var ProxyLoggerProvider = class {
      getLogger(name, version, options) {
        var _this$_getDelegateLog;
        return (_this$_getDelegateLog = this._getDelegateLogger(name, version, options)) !== null && _this$_getDelegateLog !== void 0 ? _this$_getDelegateLog : new require_ProxyLogger2.ProxyLogger(this, name, version, options);
      }
      /**
      * Get the delegate logger provider.
      * Used by tests only.
      * @internal
      */
      _getDelegate() {
        var _this$_delegate;
        return (_this$_delegate = this._delegate) !== null && _this$_delegate !== void 0 ? _this$_delegate : require_NoopLoggerProvider2.NOOP_LOGGER_PROVIDER;
      }
      /**
      * Set the delegate logger provider
      * @internal
      */
      _setDelegate(delegate) {
        this._delegate = delegate;
      }
      /**
      * @internal
      */
      _getDelegateLogger(name, version, options) {
        var _this$_delegate2;
        return (_this$_delegate2 = this._delegate) === null || _this$_delegate2 === void 0 ? void 0 : _this$_delegate2.getLogger(name, version, options);
      }
    };
    exports2.ProxyLoggerProvider = ProxyLoggerProvider;
  }
});

// node_modules/@opentelemetry/api/dist/api/logs.cjs
var require_logs = __commonJS({
  "node_modules/@opentelemetry/api/dist/api/logs.cjs"(exports2) {
    var require_global_utils2 = require_global_utils();
    var require_diag2 = require_diag();
    var require_ProxyLoggerProvider2 = require_ProxyLoggerProvider();
    var API_NAME = "logs";
    var LogsAPI = class LogsAPI2 {
      /** Empty private constructor prevents end users from constructing a new instance of the API */
      constructor() {
        this._proxyLoggerProvider = new require_ProxyLoggerProvider2.ProxyLoggerProvider();
      }
      /** Get the singleton instance of the Logs API */
      static getInstance() {
        if (!this._instance) this._instance = new LogsAPI2();
        return this._instance;
      }
      setGlobalLoggerProvider(provider) {
        const success = require_global_utils2.registerGlobal(API_NAME, provider, require_diag2.DiagAPI.instance());
        if (success) this._proxyLoggerProvider._setDelegate(provider);
        return success;
      }
      /**
      * Returns the global logger provider.
      *
      * @returns LoggerProvider
      */
      getLoggerProvider() {
        return require_global_utils2.getGlobal(API_NAME) || this._proxyLoggerProvider;
      }
      /**
      * Returns a Logger, creating one if one with the given name, version,
      * schemaUrl, and attributes is not already created.
      *
      * Getting a Logger may be expensive, especially when `attributes` are
      * provided. Reuse Logger instances where possible instead of calling
      * `getLogger()` on hot paths.
      *
      * @param name The name of the logger or instrumentation library.
      * @param version The version of the logger or instrumentation library.
      * @param options The options of the logger or instrumentation library.
      * @returns {@link Logger}
      */
      getLogger(name, version, options) {
        return this.getLoggerProvider().getLogger(name, version, options);
      }
      /** Remove the global logger provider */
      disable() {
        require_global_utils2.unregisterGlobal(API_NAME, require_diag2.DiagAPI.instance());
        this._proxyLoggerProvider = new require_ProxyLoggerProvider2.ProxyLoggerProvider();
      }
    };
    exports2.LogsAPI = LogsAPI;
  }
});

// node_modules/@opentelemetry/api/dist/logs-api.cjs
var require_logs_api = __commonJS({
  "node_modules/@opentelemetry/api/dist/logs-api.cjs"(exports2) {
    var logs = require_logs().LogsAPI.getInstance();
    exports2.logs = logs;
  }
});

// node_modules/@opentelemetry/api/dist/metrics/NoopMeterProvider.cjs
var require_NoopMeterProvider = __commonJS({
  "node_modules/@opentelemetry/api/dist/metrics/NoopMeterProvider.cjs"(exports2) {
    var require_NoopMeter2 = require_NoopMeter();
    var NoopMeterProvider = class {
      getMeter(_name, _version, _options) {
        return require_NoopMeter2.NOOP_METER;
      }
    };
    var NOOP_METER_PROVIDER = new NoopMeterProvider();
    exports2.NOOP_METER_PROVIDER = NOOP_METER_PROVIDER;
    exports2.NoopMeterProvider = NoopMeterProvider;
  }
});

// node_modules/@opentelemetry/api/dist/api/metrics.cjs
var require_metrics = __commonJS({
  "node_modules/@opentelemetry/api/dist/api/metrics.cjs"(exports2) {
    var require_global_utils2 = require_global_utils();
    var require_diag2 = require_diag();
    var require_NoopMeterProvider2 = require_NoopMeterProvider();
    var API_NAME = "metrics";
    var MetricsAPI = class MetricsAPI2 {
      /** Empty private constructor prevents end users from constructing a new instance of the API */
      constructor() {
      }
      /** Get the singleton instance of the Metrics API */
      static getInstance() {
        if (!this._instance) this._instance = new MetricsAPI2();
        return this._instance;
      }
      /**
      * Set the current global meter provider.
      * Returns true if the meter provider was successfully registered, else false.
      */
      setGlobalMeterProvider(provider) {
        return require_global_utils2.registerGlobal(API_NAME, provider, require_diag2.DiagAPI.instance());
      }
      /**
      * Returns the global meter provider.
      */
      getMeterProvider() {
        return require_global_utils2.getGlobal(API_NAME) || require_NoopMeterProvider2.NOOP_METER_PROVIDER;
      }
      /**
      * Returns a meter from the global meter provider.
      */
      getMeter(name, version, options) {
        return this.getMeterProvider().getMeter(name, version, options);
      }
      /** Remove the global meter provider */
      disable() {
        require_global_utils2.unregisterGlobal(API_NAME, require_diag2.DiagAPI.instance());
      }
    };
    exports2.MetricsAPI = MetricsAPI;
  }
});

// node_modules/@opentelemetry/api/dist/metrics-api.cjs
var require_metrics_api = __commonJS({
  "node_modules/@opentelemetry/api/dist/metrics-api.cjs"(exports2) {
    var metrics = require_metrics().MetricsAPI.getInstance();
    exports2.metrics = metrics;
  }
});

// node_modules/@opentelemetry/api/dist/propagation/NoopTextMapPropagator.cjs
var require_NoopTextMapPropagator = __commonJS({
  "node_modules/@opentelemetry/api/dist/propagation/NoopTextMapPropagator.cjs"(exports2) {
    var NoopTextMapPropagator = class {
      /** Noop inject function does nothing */
      inject(_context, _carrier) {
      }
      /** Noop extract function does nothing and returns the input context */
      extract(context, _carrier) {
        return context;
      }
      fields() {
        return [];
      }
    };
    exports2.NoopTextMapPropagator = NoopTextMapPropagator;
  }
});

// node_modules/@opentelemetry/api/dist/baggage/context-helpers.cjs
var require_context_helpers = __commonJS({
  "node_modules/@opentelemetry/api/dist/baggage/context-helpers.cjs"(exports2) {
    var require_context3 = require_context();
    var require_context$1 = require_context2();
    var BAGGAGE_KEY = require_context3.createContextKey("OpenTelemetry Baggage Key");
    function getBaggage(context) {
      return context.getValue(BAGGAGE_KEY) || void 0;
    }
    function getActiveBaggage() {
      return getBaggage(require_context$1.ContextAPI.getInstance().active());
    }
    function setBaggage(context, baggage) {
      return context.setValue(BAGGAGE_KEY, baggage);
    }
    function deleteBaggage(context) {
      return context.deleteValue(BAGGAGE_KEY);
    }
    exports2.deleteBaggage = deleteBaggage;
    exports2.getActiveBaggage = getActiveBaggage;
    exports2.getBaggage = getBaggage;
    exports2.setBaggage = setBaggage;
  }
});

// node_modules/@opentelemetry/api/dist/api/propagation.cjs
var require_propagation = __commonJS({
  "node_modules/@opentelemetry/api/dist/api/propagation.cjs"(exports2) {
    var require_global_utils2 = require_global_utils();
    var require_diag2 = require_diag();
    var require_utils3 = require_utils();
    var require_TextMapPropagator2 = require_TextMapPropagator();
    var require_NoopTextMapPropagator2 = require_NoopTextMapPropagator();
    var require_context_helpers2 = require_context_helpers();
    var API_NAME = "propagation";
    var NOOP_TEXT_MAP_PROPAGATOR = new require_NoopTextMapPropagator2.NoopTextMapPropagator();
    var PropagationAPI = class PropagationAPI2 {
      /** Empty private constructor prevents end users from constructing a new instance of the API */
      constructor() {
        this.createBaggage = require_utils3.createBaggage;
        this.getBaggage = require_context_helpers2.getBaggage;
        this.getActiveBaggage = require_context_helpers2.getActiveBaggage;
        this.setBaggage = require_context_helpers2.setBaggage;
        this.deleteBaggage = require_context_helpers2.deleteBaggage;
      }
      /** Get the singleton instance of the Propagator API */
      static getInstance() {
        if (!this._instance) this._instance = new PropagationAPI2();
        return this._instance;
      }
      /**
      * Set the current propagator.
      *
      * @returns true if the propagator was successfully registered, else false
      */
      setGlobalPropagator(propagator) {
        return require_global_utils2.registerGlobal(API_NAME, propagator, require_diag2.DiagAPI.instance());
      }
      /**
      * Inject context into a carrier to be propagated inter-process
      *
      * @param context Context carrying tracing data to inject
      * @param carrier carrier to inject context into
      * @param setter Function used to set values on the carrier
      */
      inject(context, carrier, setter = require_TextMapPropagator2.defaultTextMapSetter) {
        return this._getGlobalPropagator().inject(context, carrier, setter);
      }
      /**
      * Extract context from a carrier
      *
      * @param context Context which the newly created context will inherit from
      * @param carrier Carrier to extract context from
      * @param getter Function used to extract keys from a carrier
      */
      extract(context, carrier, getter = require_TextMapPropagator2.defaultTextMapGetter) {
        return this._getGlobalPropagator().extract(context, carrier, getter);
      }
      /**
      * Return a list of all fields which may be used by the propagator.
      */
      fields() {
        return this._getGlobalPropagator().fields();
      }
      /** Remove the global propagator */
      disable() {
        require_global_utils2.unregisterGlobal(API_NAME, require_diag2.DiagAPI.instance());
      }
      _getGlobalPropagator() {
        return require_global_utils2.getGlobal(API_NAME) || NOOP_TEXT_MAP_PROPAGATOR;
      }
    };
    exports2.PropagationAPI = PropagationAPI;
  }
});

// node_modules/@opentelemetry/api/dist/propagation-api.cjs
var require_propagation_api = __commonJS({
  "node_modules/@opentelemetry/api/dist/propagation-api.cjs"(exports2) {
    var propagation = require_propagation().PropagationAPI.getInstance();
    exports2.propagation = propagation;
  }
});

// node_modules/@opentelemetry/api/dist/api/trace.cjs
var require_trace = __commonJS({
  "node_modules/@opentelemetry/api/dist/api/trace.cjs"(exports2) {
    var require_global_utils2 = require_global_utils();
    var require_diag2 = require_diag();
    var require_context_utils2 = require_context_utils();
    var require_spancontext_utils2 = require_spancontext_utils();
    var require_ProxyTracerProvider2 = require_ProxyTracerProvider();
    var API_NAME = "trace";
    var TraceAPI = class TraceAPI2 {
      /** Empty private constructor prevents end users from constructing a new instance of the API */
      constructor() {
        this._proxyTracerProvider = new require_ProxyTracerProvider2.ProxyTracerProvider();
        this.wrapSpanContext = require_spancontext_utils2.wrapSpanContext;
        this.isSpanContextValid = require_spancontext_utils2.isSpanContextValid;
        this.deleteSpan = require_context_utils2.deleteSpan;
        this.getSpan = require_context_utils2.getSpan;
        this.getActiveSpan = require_context_utils2.getActiveSpan;
        this.getSpanContext = require_context_utils2.getSpanContext;
        this.setSpan = require_context_utils2.setSpan;
        this.setSpanContext = require_context_utils2.setSpanContext;
      }
      /** Get the singleton instance of the Trace API */
      static getInstance() {
        if (!this._instance) this._instance = new TraceAPI2();
        return this._instance;
      }
      /**
      * Set the current global tracer.
      *
      * @returns true if the tracer provider was successfully registered, else false
      */
      setGlobalTracerProvider(provider) {
        const success = require_global_utils2.registerGlobal(API_NAME, this._proxyTracerProvider, require_diag2.DiagAPI.instance());
        if (success) this._proxyTracerProvider.setDelegate(provider);
        return success;
      }
      /**
      * Returns the global tracer provider.
      */
      getTracerProvider() {
        return require_global_utils2.getGlobal(API_NAME) || this._proxyTracerProvider;
      }
      /**
      * Returns a tracer from the global tracer provider.
      */
      getTracer(name, version) {
        return this.getTracerProvider().getTracer(name, version);
      }
      /** Remove the global tracer provider */
      disable() {
        require_global_utils2.unregisterGlobal(API_NAME, require_diag2.DiagAPI.instance());
        this._proxyTracerProvider = new require_ProxyTracerProvider2.ProxyTracerProvider();
      }
    };
    exports2.TraceAPI = TraceAPI;
  }
});

// node_modules/@opentelemetry/api/dist/trace-api.cjs
var require_trace_api = __commonJS({
  "node_modules/@opentelemetry/api/dist/trace-api.cjs"(exports2) {
    var trace = require_trace().TraceAPI.getInstance();
    exports2.trace = trace;
  }
});

// node_modules/@opentelemetry/api/dist/index.cjs
var require_dist2 = __commonJS({
  "node_modules/@opentelemetry/api/dist/index.cjs"(exports2) {
    Object.defineProperties(exports2, {
      __esModule: { value: true },
      [Symbol.toStringTag]: { value: "Module" }
    });
    var require_types3 = require_types2();
    var require_utils3 = require_utils();
    var require_context3 = require_context();
    var require_consoleLogger2 = require_consoleLogger();
    var require_NoopMeter2 = require_NoopMeter();
    var require_Metric2 = require_Metric();
    var require_NoopLogger2 = require_NoopLogger();
    var require_LogRecord2 = require_LogRecord();
    var require_TextMapPropagator2 = require_TextMapPropagator();
    var require_trace_flags2 = require_trace_flags();
    var require_invalid_span_constants2 = require_invalid_span_constants();
    var require_spancontext_utils2 = require_spancontext_utils();
    var require_ProxyTracer2 = require_ProxyTracer();
    var require_span_kind2 = require_span_kind();
    var require_status2 = require_status();
    var require_utils$1 = require_utils2();
    var require_ProxyTracerProvider2 = require_ProxyTracerProvider();
    var require_SamplingResult2 = require_SamplingResult();
    var require_context_api2 = require_context_api();
    var require_diag_api2 = require_diag_api();
    var require_logs_api2 = require_logs_api();
    var require_metrics_api2 = require_metrics_api();
    var require_propagation_api2 = require_propagation_api();
    var require_trace_api2 = require_trace_api();
    var src_default = {
      context: require_context_api2.context,
      diag: require_diag_api2.diag,
      logs: require_logs_api2.logs,
      metrics: require_metrics_api2.metrics,
      propagation: require_propagation_api2.propagation,
      trace: require_trace_api2.trace
    };
    exports2.DiagConsoleLogger = require_consoleLogger2.DiagConsoleLogger;
    exports2.DiagLogLevel = require_types3.DiagLogLevel;
    exports2.INVALID_SPANID = require_invalid_span_constants2.INVALID_SPANID;
    exports2.INVALID_SPAN_CONTEXT = require_invalid_span_constants2.INVALID_SPAN_CONTEXT;
    exports2.INVALID_TRACEID = require_invalid_span_constants2.INVALID_TRACEID;
    exports2.ProxyTracer = require_ProxyTracer2.ProxyTracer;
    exports2.ProxyTracerProvider = require_ProxyTracerProvider2.ProxyTracerProvider;
    exports2.ROOT_CONTEXT = require_context3.ROOT_CONTEXT;
    exports2.SamplingDecision = require_SamplingResult2.SamplingDecision;
    exports2.SeverityNumber = require_LogRecord2.SeverityNumber;
    exports2.SpanKind = require_span_kind2.SpanKind;
    exports2.SpanStatusCode = require_status2.SpanStatusCode;
    exports2.TraceFlags = require_trace_flags2.TraceFlags;
    exports2.ValueType = require_Metric2.ValueType;
    exports2.baggageEntryMetadataFromString = require_utils3.baggageEntryMetadataFromString;
    exports2.context = require_context_api2.context;
    exports2.createContextKey = require_context3.createContextKey;
    exports2.createNoopLogger = require_NoopLogger2.createNoopLogger;
    exports2.createNoopMeter = require_NoopMeter2.createNoopMeter;
    exports2.createTraceState = require_utils$1.createTraceState;
    exports2.default = src_default;
    exports2.defaultTextMapGetter = require_TextMapPropagator2.defaultTextMapGetter;
    exports2.defaultTextMapSetter = require_TextMapPropagator2.defaultTextMapSetter;
    exports2.diag = require_diag_api2.diag;
    exports2.isSpanContextValid = require_spancontext_utils2.isSpanContextValid;
    exports2.isValidSpanId = require_spancontext_utils2.isValidSpanId;
    exports2.isValidTraceId = require_spancontext_utils2.isValidTraceId;
    exports2.logs = require_logs_api2.logs;
    exports2.metrics = require_metrics_api2.metrics;
    exports2.propagation = require_propagation_api2.propagation;
    exports2.trace = require_trace_api2.trace;
  }
});

// node_modules/prom-client/lib/metrics/processCpuTotal.js
var require_processCpuTotal = __commonJS({
  "node_modules/prom-client/lib/metrics/processCpuTotal.js"(exports2, module2) {
    "use strict";
    var OtelApi = require_dist2();
    var Counter2 = require_counter();
    var PROCESS_CPU_USER_SECONDS = "process_cpu_user_seconds_total";
    var PROCESS_CPU_SYSTEM_SECONDS = "process_cpu_system_seconds_total";
    var PROCESS_CPU_SECONDS = "process_cpu_seconds_total";
    module2.exports = (registry, config = {}) => {
      const registers = registry ? [registry] : void 0;
      const namePrefix = config.prefix ? config.prefix : "";
      const labels = config.labels ? config.labels : {};
      const exemplars = config.enableExemplars ? config.enableExemplars : false;
      const labelNames = Object.keys(labels);
      let lastCpuUsage = process.cpuUsage();
      const cpuUserUsageCounter = new Counter2({
        name: namePrefix + PROCESS_CPU_USER_SECONDS,
        help: "Total user CPU time spent in seconds.",
        enableExemplars: exemplars,
        registers,
        labelNames,
        // Use this one metric's `collect` to set all metrics' values.
        collect() {
          const cpuUsage = process.cpuUsage();
          const userUsageMicros = cpuUsage.user - lastCpuUsage.user;
          const systemUsageMicros = cpuUsage.system - lastCpuUsage.system;
          lastCpuUsage = cpuUsage;
          if (this.enableExemplars) {
            let exemplarLabels = {};
            const currentSpan = OtelApi.trace.getSpan(OtelApi.context.active());
            if (currentSpan) {
              exemplarLabels = {
                traceId: currentSpan.spanContext().traceId,
                spanId: currentSpan.spanContext().spanId
              };
            }
            cpuUserUsageCounter.inc({
              labels,
              value: userUsageMicros / 1e6,
              exemplarLabels
            });
            cpuSystemUsageCounter.inc({
              labels,
              value: systemUsageMicros / 1e6,
              exemplarLabels
            });
            cpuUsageCounter.inc({
              labels,
              value: (userUsageMicros + systemUsageMicros) / 1e6,
              exemplarLabels
            });
          } else {
            cpuUserUsageCounter.inc(labels, userUsageMicros / 1e6);
            cpuSystemUsageCounter.inc(labels, systemUsageMicros / 1e6);
            cpuUsageCounter.inc(
              labels,
              (userUsageMicros + systemUsageMicros) / 1e6
            );
          }
        }
      });
      const cpuSystemUsageCounter = new Counter2({
        name: namePrefix + PROCESS_CPU_SYSTEM_SECONDS,
        help: "Total system CPU time spent in seconds.",
        enableExemplars: exemplars,
        registers,
        labelNames
      });
      const cpuUsageCounter = new Counter2({
        name: namePrefix + PROCESS_CPU_SECONDS,
        help: "Total user and system CPU time spent in seconds.",
        enableExemplars: exemplars,
        registers,
        labelNames
      });
    };
    module2.exports.metricNames = [
      PROCESS_CPU_USER_SECONDS,
      PROCESS_CPU_SYSTEM_SECONDS,
      PROCESS_CPU_SECONDS
    ];
  }
});

// node_modules/prom-client/lib/metrics/processStartTime.js
var require_processStartTime = __commonJS({
  "node_modules/prom-client/lib/metrics/processStartTime.js"(exports2, module2) {
    "use strict";
    var Gauge2 = require_gauge();
    var startInSeconds = Math.round(Date.now() / 1e3 - process.uptime());
    var PROCESS_START_TIME = "process_start_time_seconds";
    module2.exports = (registry, config = {}) => {
      const namePrefix = config.prefix ? config.prefix : "";
      const labels = config.labels ? config.labels : {};
      const labelNames = Object.keys(labels);
      new Gauge2({
        name: namePrefix + PROCESS_START_TIME,
        help: "Start time of the process since unix epoch in seconds.",
        registers: registry ? [registry] : void 0,
        labelNames,
        aggregator: "omit",
        collect() {
          this.set(labels, startInSeconds);
        }
      });
    };
    module2.exports.metricNames = [PROCESS_START_TIME];
  }
});

// node_modules/prom-client/lib/metrics/osMemoryHeapLinux.js
var require_osMemoryHeapLinux = __commonJS({
  "node_modules/prom-client/lib/metrics/osMemoryHeapLinux.js"(exports2, module2) {
    "use strict";
    var Gauge2 = require_gauge();
    var fs = require("fs");
    var values = ["VmSize", "VmRSS", "VmData"];
    var PROCESS_RESIDENT_MEMORY = "process_resident_memory_bytes";
    var PROCESS_VIRTUAL_MEMORY = "process_virtual_memory_bytes";
    var PROCESS_HEAP = "process_heap_bytes";
    function structureOutput(input) {
      return input.split("\n").reduce((acc, string) => {
        if (!values.some((value2) => string.startsWith(value2))) {
          return acc;
        }
        const split2 = string.split(":");
        let value = split2[1].trim();
        value = value.substr(0, value.length - 3);
        value = Number(value) * 1024;
        acc[split2[0]] = value;
        return acc;
      }, {});
    }
    module2.exports = (registry, config = {}) => {
      const registers = registry ? [registry] : void 0;
      const namePrefix = config.prefix ? config.prefix : "";
      const labels = config.labels ? config.labels : {};
      const labelNames = Object.keys(labels);
      const residentMemGauge = new Gauge2({
        name: namePrefix + PROCESS_RESIDENT_MEMORY,
        help: "Resident memory size in bytes.",
        registers,
        labelNames,
        // Use this one metric's `collect` to set all metrics' values.
        collect() {
          try {
            const stat = fs.readFileSync("/proc/self/status", "utf8");
            const structuredOutput = structureOutput(stat);
            residentMemGauge.set(labels, structuredOutput.VmRSS);
            virtualMemGauge.set(labels, structuredOutput.VmSize);
            heapSizeMemGauge.set(labels, structuredOutput.VmData);
          } catch {
          }
        }
      });
      const virtualMemGauge = new Gauge2({
        name: namePrefix + PROCESS_VIRTUAL_MEMORY,
        help: "Virtual memory size in bytes.",
        registers,
        labelNames
      });
      const heapSizeMemGauge = new Gauge2({
        name: namePrefix + PROCESS_HEAP,
        help: "Process heap size in bytes.",
        registers,
        labelNames
      });
    };
    module2.exports.metricNames = [
      PROCESS_RESIDENT_MEMORY,
      PROCESS_VIRTUAL_MEMORY,
      PROCESS_HEAP
    ];
  }
});

// node_modules/prom-client/lib/metrics/helpers/safeMemoryUsage.js
var require_safeMemoryUsage = __commonJS({
  "node_modules/prom-client/lib/metrics/helpers/safeMemoryUsage.js"(exports2, module2) {
    "use strict";
    function safeMemoryUsage() {
      try {
        return process.memoryUsage();
      } catch {
        return;
      }
    }
    module2.exports = safeMemoryUsage;
  }
});

// node_modules/prom-client/lib/metrics/osMemoryHeap.js
var require_osMemoryHeap = __commonJS({
  "node_modules/prom-client/lib/metrics/osMemoryHeap.js"(exports2, module2) {
    "use strict";
    var Gauge2 = require_gauge();
    var linuxVariant = require_osMemoryHeapLinux();
    var safeMemoryUsage = require_safeMemoryUsage();
    var PROCESS_RESIDENT_MEMORY = "process_resident_memory_bytes";
    function notLinuxVariant(registry, config = {}) {
      const namePrefix = config.prefix ? config.prefix : "";
      const labels = config.labels ? config.labels : {};
      const labelNames = Object.keys(labels);
      new Gauge2({
        name: namePrefix + PROCESS_RESIDENT_MEMORY,
        help: "Resident memory size in bytes.",
        registers: registry ? [registry] : void 0,
        labelNames,
        collect() {
          const memUsage = safeMemoryUsage();
          if (memUsage) {
            this.set(labels, memUsage.rss);
          }
        }
      });
    }
    module2.exports = (registry, config) => process.platform === "linux" ? linuxVariant(registry, config) : notLinuxVariant(registry, config);
    module2.exports.metricNames = process.platform === "linux" ? linuxVariant.metricNames : [PROCESS_RESIDENT_MEMORY];
  }
});

// node_modules/prom-client/lib/metrics/processOpenFileDescriptors.js
var require_processOpenFileDescriptors = __commonJS({
  "node_modules/prom-client/lib/metrics/processOpenFileDescriptors.js"(exports2, module2) {
    "use strict";
    var Gauge2 = require_gauge();
    var fs = require("fs");
    var process2 = require("process");
    var PROCESS_OPEN_FDS = "process_open_fds";
    module2.exports = (registry, config = {}) => {
      if (process2.platform !== "linux") {
        return;
      }
      const namePrefix = config.prefix ? config.prefix : "";
      const labels = config.labels ? config.labels : {};
      const labelNames = Object.keys(labels);
      new Gauge2({
        name: namePrefix + PROCESS_OPEN_FDS,
        help: "Number of open file descriptors.",
        registers: registry ? [registry] : void 0,
        labelNames,
        collect() {
          try {
            const fds = fs.readdirSync("/proc/self/fd");
            this.set(labels, fds.length - 1);
          } catch {
          }
        }
      });
    };
    module2.exports.metricNames = [PROCESS_OPEN_FDS];
  }
});

// node_modules/prom-client/lib/metrics/processMaxFileDescriptors.js
var require_processMaxFileDescriptors = __commonJS({
  "node_modules/prom-client/lib/metrics/processMaxFileDescriptors.js"(exports2, module2) {
    "use strict";
    var Gauge2 = require_gauge();
    var fs = require("fs");
    var PROCESS_MAX_FDS = "process_max_fds";
    var maxFds;
    module2.exports = (registry, config = {}) => {
      if (maxFds === void 0) {
        try {
          const limits = fs.readFileSync("/proc/self/limits", "utf8");
          const lines = limits.split("\n");
          for (const line of lines) {
            if (line.startsWith("Max open files")) {
              const parts = line.split(/  +/);
              maxFds = Number(parts[1]);
              break;
            }
          }
        } catch {
          return;
        }
      }
      if (maxFds === void 0) return;
      const namePrefix = config.prefix ? config.prefix : "";
      const labels = config.labels ? config.labels : {};
      const labelNames = Object.keys(labels);
      new Gauge2({
        name: namePrefix + PROCESS_MAX_FDS,
        help: "Maximum number of open file descriptors.",
        registers: registry ? [registry] : void 0,
        labelNames,
        collect() {
          if (maxFds !== void 0) this.set(labels, maxFds);
        }
      });
    };
    module2.exports.metricNames = [PROCESS_MAX_FDS];
  }
});

// node_modules/prom-client/lib/metrics/eventLoopLag.js
var require_eventLoopLag = __commonJS({
  "node_modules/prom-client/lib/metrics/eventLoopLag.js"(exports2, module2) {
    "use strict";
    var Gauge2 = require_gauge();
    var perf_hooks;
    try {
      perf_hooks = require("perf_hooks");
    } catch {
    }
    var NODEJS_EVENTLOOP_LAG = "nodejs_eventloop_lag_seconds";
    var NODEJS_EVENTLOOP_LAG_MIN = "nodejs_eventloop_lag_min_seconds";
    var NODEJS_EVENTLOOP_LAG_MAX = "nodejs_eventloop_lag_max_seconds";
    var NODEJS_EVENTLOOP_LAG_MEAN = "nodejs_eventloop_lag_mean_seconds";
    var NODEJS_EVENTLOOP_LAG_STDDEV = "nodejs_eventloop_lag_stddev_seconds";
    var NODEJS_EVENTLOOP_LAG_P50 = "nodejs_eventloop_lag_p50_seconds";
    var NODEJS_EVENTLOOP_LAG_P90 = "nodejs_eventloop_lag_p90_seconds";
    var NODEJS_EVENTLOOP_LAG_P99 = "nodejs_eventloop_lag_p99_seconds";
    function reportEventloopLag(start, gauge, labels) {
      const delta = process.hrtime(start);
      const nanosec = delta[0] * 1e9 + delta[1];
      const seconds3 = nanosec / 1e9;
      gauge.set(labels, seconds3);
    }
    module2.exports = (registry, config = {}) => {
      const namePrefix = config.prefix ? config.prefix : "";
      const labels = config.labels ? config.labels : {};
      const labelNames = Object.keys(labels);
      const registers = registry ? [registry] : void 0;
      let collect = () => {
        const start = process.hrtime();
        setImmediate(reportEventloopLag, start, lag, labels);
      };
      if (perf_hooks && perf_hooks.monitorEventLoopDelay) {
        try {
          const histogram = perf_hooks.monitorEventLoopDelay({
            resolution: config.eventLoopMonitoringPrecision
          });
          histogram.enable();
          collect = () => {
            const start = process.hrtime();
            setImmediate(reportEventloopLag, start, lag, labels);
            lagMin.set(labels, histogram.min / 1e9);
            lagMax.set(labels, histogram.max / 1e9);
            lagMean.set(labels, histogram.mean / 1e9);
            lagStddev.set(labels, histogram.stddev / 1e9);
            lagP50.set(labels, histogram.percentile(50) / 1e9);
            lagP90.set(labels, histogram.percentile(90) / 1e9);
            lagP99.set(labels, histogram.percentile(99) / 1e9);
            histogram.reset();
          };
        } catch (e) {
          if (e.code === "ERR_NOT_IMPLEMENTED") {
            return;
          }
          throw e;
        }
      }
      const lag = new Gauge2({
        name: namePrefix + NODEJS_EVENTLOOP_LAG,
        help: "Lag of event loop in seconds.",
        registers,
        labelNames,
        aggregator: "average",
        // Use this one metric's `collect` to set all metrics' values.
        collect
      });
      const lagMin = new Gauge2({
        name: namePrefix + NODEJS_EVENTLOOP_LAG_MIN,
        help: "The minimum recorded event loop delay.",
        registers,
        labelNames,
        aggregator: "min"
      });
      const lagMax = new Gauge2({
        name: namePrefix + NODEJS_EVENTLOOP_LAG_MAX,
        help: "The maximum recorded event loop delay.",
        registers,
        labelNames,
        aggregator: "max"
      });
      const lagMean = new Gauge2({
        name: namePrefix + NODEJS_EVENTLOOP_LAG_MEAN,
        help: "The mean of the recorded event loop delays.",
        registers,
        labelNames,
        aggregator: "average"
      });
      const lagStddev = new Gauge2({
        name: namePrefix + NODEJS_EVENTLOOP_LAG_STDDEV,
        help: "The standard deviation of the recorded event loop delays.",
        registers,
        labelNames,
        aggregator: "average"
      });
      const lagP50 = new Gauge2({
        name: namePrefix + NODEJS_EVENTLOOP_LAG_P50,
        help: "The 50th percentile of the recorded event loop delays.",
        registers,
        labelNames,
        aggregator: "average"
      });
      const lagP90 = new Gauge2({
        name: namePrefix + NODEJS_EVENTLOOP_LAG_P90,
        help: "The 90th percentile of the recorded event loop delays.",
        registers,
        labelNames,
        aggregator: "average"
      });
      const lagP99 = new Gauge2({
        name: namePrefix + NODEJS_EVENTLOOP_LAG_P99,
        help: "The 99th percentile of the recorded event loop delays.",
        registers,
        labelNames,
        aggregator: "average"
      });
    };
    module2.exports.metricNames = [
      NODEJS_EVENTLOOP_LAG,
      NODEJS_EVENTLOOP_LAG_MIN,
      NODEJS_EVENTLOOP_LAG_MAX,
      NODEJS_EVENTLOOP_LAG_MEAN,
      NODEJS_EVENTLOOP_LAG_STDDEV,
      NODEJS_EVENTLOOP_LAG_P50,
      NODEJS_EVENTLOOP_LAG_P90,
      NODEJS_EVENTLOOP_LAG_P99
    ];
  }
});

// node_modules/prom-client/lib/metrics/helpers/processMetricsHelpers.js
var require_processMetricsHelpers = __commonJS({
  "node_modules/prom-client/lib/metrics/helpers/processMetricsHelpers.js"(exports2, module2) {
    "use strict";
    function aggregateByObjectName(list) {
      const data = {};
      for (let i = 0; i < list.length; i++) {
        const listElement = list[i];
        if (!listElement || typeof listElement.constructor === "undefined") {
          continue;
        }
        if (Object.hasOwnProperty.call(data, listElement.constructor.name)) {
          data[listElement.constructor.name] += 1;
        } else {
          data[listElement.constructor.name] = 1;
        }
      }
      return data;
    }
    function updateMetrics(gauge, data, labels) {
      gauge.reset();
      for (const key in data) {
        gauge.set(Object.assign({ type: key }, labels || {}), data[key]);
      }
    }
    module2.exports = {
      aggregateByObjectName,
      updateMetrics
    };
  }
});

// node_modules/prom-client/lib/metrics/processHandles.js
var require_processHandles = __commonJS({
  "node_modules/prom-client/lib/metrics/processHandles.js"(exports2, module2) {
    "use strict";
    var { aggregateByObjectName } = require_processMetricsHelpers();
    var { updateMetrics } = require_processMetricsHelpers();
    var Gauge2 = require_gauge();
    var NODEJS_ACTIVE_HANDLES = "nodejs_active_handles";
    var NODEJS_ACTIVE_HANDLES_TOTAL = "nodejs_active_handles_total";
    module2.exports = (registry, config = {}) => {
      if (typeof process._getActiveHandles !== "function") {
        return;
      }
      const registers = registry ? [registry] : void 0;
      const namePrefix = config.prefix ? config.prefix : "";
      const labels = config.labels ? config.labels : {};
      const labelNames = Object.keys(labels);
      new Gauge2({
        name: namePrefix + NODEJS_ACTIVE_HANDLES,
        help: "Number of active libuv handles grouped by handle type. Every handle type is C++ class name.",
        labelNames: ["type", ...labelNames],
        registers,
        collect() {
          const handles = process._getActiveHandles();
          updateMetrics(this, aggregateByObjectName(handles), labels);
        }
      });
      new Gauge2({
        name: namePrefix + NODEJS_ACTIVE_HANDLES_TOTAL,
        help: "Total number of active handles.",
        registers,
        labelNames,
        collect() {
          const handles = process._getActiveHandles();
          this.set(labels, handles.length);
        }
      });
    };
    module2.exports.metricNames = [
      NODEJS_ACTIVE_HANDLES,
      NODEJS_ACTIVE_HANDLES_TOTAL
    ];
  }
});

// node_modules/prom-client/lib/metrics/processRequests.js
var require_processRequests = __commonJS({
  "node_modules/prom-client/lib/metrics/processRequests.js"(exports2, module2) {
    "use strict";
    var Gauge2 = require_gauge();
    var { aggregateByObjectName } = require_processMetricsHelpers();
    var { updateMetrics } = require_processMetricsHelpers();
    var NODEJS_ACTIVE_REQUESTS = "nodejs_active_requests";
    var NODEJS_ACTIVE_REQUESTS_TOTAL = "nodejs_active_requests_total";
    module2.exports = (registry, config = {}) => {
      if (typeof process._getActiveRequests !== "function") {
        return;
      }
      const namePrefix = config.prefix ? config.prefix : "";
      const labels = config.labels ? config.labels : {};
      const labelNames = Object.keys(labels);
      new Gauge2({
        name: namePrefix + NODEJS_ACTIVE_REQUESTS,
        help: "Number of active libuv requests grouped by request type. Every request type is C++ class name.",
        labelNames: ["type", ...labelNames],
        registers: registry ? [registry] : void 0,
        collect() {
          const requests2 = process._getActiveRequests();
          updateMetrics(this, aggregateByObjectName(requests2), labels);
        }
      });
      new Gauge2({
        name: namePrefix + NODEJS_ACTIVE_REQUESTS_TOTAL,
        help: "Total number of active requests.",
        registers: registry ? [registry] : void 0,
        labelNames,
        collect() {
          const requests2 = process._getActiveRequests();
          this.set(labels, requests2.length);
        }
      });
    };
    module2.exports.metricNames = [
      NODEJS_ACTIVE_REQUESTS,
      NODEJS_ACTIVE_REQUESTS_TOTAL
    ];
  }
});

// node_modules/prom-client/lib/metrics/processResources.js
var require_processResources = __commonJS({
  "node_modules/prom-client/lib/metrics/processResources.js"(exports2, module2) {
    "use strict";
    var Gauge2 = require_gauge();
    var { updateMetrics } = require_processMetricsHelpers();
    var NODEJS_ACTIVE_RESOURCES = "nodejs_active_resources";
    var NODEJS_ACTIVE_RESOURCES_TOTAL = "nodejs_active_resources_total";
    module2.exports = (registry, config = {}) => {
      if (typeof process.getActiveResourcesInfo !== "function") {
        return;
      }
      const namePrefix = config.prefix ? config.prefix : "";
      const labels = config.labels ? config.labels : {};
      const labelNames = Object.keys(labels);
      new Gauge2({
        name: namePrefix + NODEJS_ACTIVE_RESOURCES,
        help: "Number of active resources that are currently keeping the event loop alive, grouped by async resource type.",
        labelNames: ["type", ...labelNames],
        registers: registry ? [registry] : void 0,
        collect() {
          const resources = process.getActiveResourcesInfo();
          const data = {};
          for (let i = 0; i < resources.length; i++) {
            const resource2 = resources[i];
            if (Object.hasOwn(data, resource2)) {
              data[resource2] += 1;
            } else {
              data[resource2] = 1;
            }
          }
          updateMetrics(this, data, labels);
        }
      });
      new Gauge2({
        name: namePrefix + NODEJS_ACTIVE_RESOURCES_TOTAL,
        help: "Total number of active resources.",
        registers: registry ? [registry] : void 0,
        labelNames,
        collect() {
          const resources = process.getActiveResourcesInfo();
          this.set(labels, resources.length);
        }
      });
    };
    module2.exports.metricNames = [
      NODEJS_ACTIVE_RESOURCES,
      NODEJS_ACTIVE_RESOURCES_TOTAL
    ];
  }
});

// node_modules/prom-client/lib/metrics/heapSizeAndUsed.js
var require_heapSizeAndUsed = __commonJS({
  "node_modules/prom-client/lib/metrics/heapSizeAndUsed.js"(exports2, module2) {
    "use strict";
    var Gauge2 = require_gauge();
    var safeMemoryUsage = require_safeMemoryUsage();
    var NODEJS_HEAP_SIZE_TOTAL = "nodejs_heap_size_total_bytes";
    var NODEJS_HEAP_SIZE_USED = "nodejs_heap_size_used_bytes";
    var NODEJS_EXTERNAL_MEMORY = "nodejs_external_memory_bytes";
    module2.exports = (registry, config = {}) => {
      if (typeof process.memoryUsage !== "function") {
        return;
      }
      const labels = config.labels ? config.labels : {};
      const labelNames = Object.keys(labels);
      const registers = registry ? [registry] : void 0;
      const namePrefix = config.prefix ? config.prefix : "";
      const collect = () => {
        const memUsage = safeMemoryUsage();
        if (memUsage) {
          heapSizeTotal.set(labels, memUsage.heapTotal);
          heapSizeUsed.set(labels, memUsage.heapUsed);
          if (memUsage.external !== void 0) {
            externalMemUsed.set(labels, memUsage.external);
          }
        }
      };
      const heapSizeTotal = new Gauge2({
        name: namePrefix + NODEJS_HEAP_SIZE_TOTAL,
        help: "Process heap size from Node.js in bytes.",
        registers,
        labelNames,
        // Use this one metric's `collect` to set all metrics' values.
        collect
      });
      const heapSizeUsed = new Gauge2({
        name: namePrefix + NODEJS_HEAP_SIZE_USED,
        help: "Process heap size used from Node.js in bytes.",
        registers,
        labelNames
      });
      const externalMemUsed = new Gauge2({
        name: namePrefix + NODEJS_EXTERNAL_MEMORY,
        help: "Node.js external memory size in bytes.",
        registers,
        labelNames
      });
    };
    module2.exports.metricNames = [
      NODEJS_HEAP_SIZE_TOTAL,
      NODEJS_HEAP_SIZE_USED,
      NODEJS_EXTERNAL_MEMORY
    ];
  }
});

// node_modules/prom-client/lib/metrics/heapSpacesSizeAndUsed.js
var require_heapSpacesSizeAndUsed = __commonJS({
  "node_modules/prom-client/lib/metrics/heapSpacesSizeAndUsed.js"(exports2, module2) {
    "use strict";
    var Gauge2 = require_gauge();
    var v8 = require("v8");
    var METRICS = ["total", "used", "available"];
    var NODEJS_HEAP_SIZE = {};
    METRICS.forEach((metricType) => {
      NODEJS_HEAP_SIZE[metricType] = `nodejs_heap_space_size_${metricType}_bytes`;
    });
    module2.exports = (registry, config = {}) => {
      try {
        v8.getHeapSpaceStatistics();
      } catch (e) {
        if (e.code === "ERR_NOT_IMPLEMENTED") {
          return;
        }
        throw e;
      }
      const registers = registry ? [registry] : void 0;
      const namePrefix = config.prefix ? config.prefix : "";
      const labels = config.labels ? config.labels : {};
      const labelNames = ["space", ...Object.keys(labels)];
      const gauges = {};
      METRICS.forEach((metricType) => {
        gauges[metricType] = new Gauge2({
          name: namePrefix + NODEJS_HEAP_SIZE[metricType],
          help: `Process heap space size ${metricType} from Node.js in bytes.`,
          labelNames,
          registers
        });
      });
      gauges.total.collect = () => {
        for (const space of v8.getHeapSpaceStatistics()) {
          const spaceName = space.space_name.substr(
            0,
            space.space_name.indexOf("_space")
          );
          gauges.total.set({ space: spaceName, ...labels }, space.space_size);
          gauges.used.set({ space: spaceName, ...labels }, space.space_used_size);
          gauges.available.set(
            { space: spaceName, ...labels },
            space.space_available_size
          );
        }
      };
    };
    module2.exports.metricNames = Object.values(NODEJS_HEAP_SIZE);
  }
});

// node_modules/prom-client/lib/metrics/version.js
var require_version2 = __commonJS({
  "node_modules/prom-client/lib/metrics/version.js"(exports2, module2) {
    "use strict";
    var Gauge2 = require_gauge();
    var version = process.version;
    var versionSegments = version.slice(1).split(".").map(Number);
    var NODE_VERSION_INFO = "nodejs_version_info";
    module2.exports = (registry, config = {}) => {
      const namePrefix = config.prefix ? config.prefix : "";
      const labels = config.labels ? config.labels : {};
      const labelNames = Object.keys(labels);
      new Gauge2({
        name: namePrefix + NODE_VERSION_INFO,
        help: "Node.js version info.",
        labelNames: ["version", "major", "minor", "patch", ...labelNames],
        registers: registry ? [registry] : void 0,
        aggregator: "first",
        collect() {
          this.labels(
            version,
            versionSegments[0],
            versionSegments[1],
            versionSegments[2],
            ...Object.values(labels)
          ).set(1);
        }
      });
    };
    module2.exports.metricNames = [NODE_VERSION_INFO];
  }
});

// node_modules/prom-client/lib/metrics/gc.js
var require_gc = __commonJS({
  "node_modules/prom-client/lib/metrics/gc.js"(exports2, module2) {
    "use strict";
    var Histogram2 = require_histogram();
    var perf_hooks;
    try {
      perf_hooks = require("perf_hooks");
    } catch {
    }
    var NODEJS_GC_DURATION_SECONDS = "nodejs_gc_duration_seconds";
    var DEFAULT_GC_DURATION_BUCKETS = [1e-3, 0.01, 0.1, 1, 2, 5];
    var kinds = [];
    if (perf_hooks && perf_hooks.constants) {
      kinds[perf_hooks.constants.NODE_PERFORMANCE_GC_MAJOR] = "major";
      kinds[perf_hooks.constants.NODE_PERFORMANCE_GC_MINOR] = "minor";
      kinds[perf_hooks.constants.NODE_PERFORMANCE_GC_INCREMENTAL] = "incremental";
      kinds[perf_hooks.constants.NODE_PERFORMANCE_GC_WEAKCB] = "weakcb";
    }
    module2.exports = (registry, config = {}) => {
      if (!perf_hooks) {
        return;
      }
      const namePrefix = config.prefix ? config.prefix : "";
      const labels = config.labels ? config.labels : {};
      const labelNames = Object.keys(labels);
      const buckets = config.gcDurationBuckets ? config.gcDurationBuckets : DEFAULT_GC_DURATION_BUCKETS;
      const gcHistogram = new Histogram2({
        name: namePrefix + NODEJS_GC_DURATION_SECONDS,
        help: "Garbage collection duration by kind, one of major, minor, incremental or weakcb.",
        labelNames: ["kind", ...labelNames],
        enableExemplars: false,
        buckets,
        registers: registry ? [registry] : void 0
      });
      const obs = new perf_hooks.PerformanceObserver((list) => {
        const entry = list.getEntries()[0];
        const kind = entry.detail ? kinds[entry.detail.kind] : kinds[entry.kind];
        gcHistogram.observe(Object.assign({ kind }, labels), entry.duration / 1e3);
      });
      obs.observe({ entryTypes: ["gc"] });
    };
    module2.exports.metricNames = [NODEJS_GC_DURATION_SECONDS];
  }
});

// node_modules/prom-client/lib/defaultMetrics.js
var require_defaultMetrics = __commonJS({
  "node_modules/prom-client/lib/defaultMetrics.js"(exports2, module2) {
    "use strict";
    var { isObject } = require_util();
    var processCpuTotal = require_processCpuTotal();
    var processStartTime = require_processStartTime();
    var osMemoryHeap = require_osMemoryHeap();
    var processOpenFileDescriptors = require_processOpenFileDescriptors();
    var processMaxFileDescriptors = require_processMaxFileDescriptors();
    var eventLoopLag = require_eventLoopLag();
    var processHandles = require_processHandles();
    var processRequests = require_processRequests();
    var processResources = require_processResources();
    var heapSizeAndUsed = require_heapSizeAndUsed();
    var heapSpacesSizeAndUsed = require_heapSpacesSizeAndUsed();
    var version = require_version2();
    var gc = require_gc();
    var metrics = {
      processCpuTotal,
      processStartTime,
      osMemoryHeap,
      processOpenFileDescriptors,
      processMaxFileDescriptors,
      eventLoopLag,
      ...typeof process.getActiveResourcesInfo === "function" ? { processResources } : {},
      processHandles,
      processRequests,
      heapSizeAndUsed,
      heapSpacesSizeAndUsed,
      version,
      gc
    };
    var metricsList = Object.keys(metrics);
    module2.exports = function collectDefaultMetrics2(config) {
      if (config !== null && config !== void 0 && !isObject(config)) {
        throw new TypeError("config must be null, undefined, or an object");
      }
      config = { eventLoopMonitoringPrecision: 10, ...config };
      for (const metric of Object.values(metrics)) {
        metric(config.register, config);
      }
    };
    module2.exports.metricsList = metricsList;
  }
});

// node_modules/prom-client/lib/metricAggregators.js
var require_metricAggregators = __commonJS({
  "node_modules/prom-client/lib/metricAggregators.js"(exports2) {
    "use strict";
    var { Grouper, hashObject } = require_util();
    function AggregatorFactory(aggregatorFn) {
      return (metrics) => {
        if (metrics.length === 0) return;
        const result = {
          help: metrics[0].help,
          name: metrics[0].name,
          type: metrics[0].type,
          values: [],
          aggregator: metrics[0].aggregator
        };
        const byLabels = new Grouper();
        metrics.forEach((metric) => {
          metric.values.forEach((value) => {
            const key = hashObject(value.labels);
            byLabels.add(`${value.metricName}_${key}`, value);
          });
        });
        byLabels.forEach((values) => {
          if (values.length === 0) return;
          const valObj = {
            value: aggregatorFn(values),
            labels: values[0].labels
          };
          if (values[0].metricName) {
            valObj.metricName = values[0].metricName;
          }
          result.values.push(valObj);
        });
        return result;
      };
    }
    exports2.AggregatorFactory = AggregatorFactory;
    exports2.aggregators = {
      /**
       * @return The sum of values.
       */
      sum: AggregatorFactory((v) => v.reduce((p, c) => p + c.value, 0)),
      /**
       * @return The first value.
       */
      first: AggregatorFactory((v) => v[0].value),
      /**
       * @return {undefined} Undefined; omits the metric.
       */
      omit: () => {
      },
      /**
       * @return The arithmetic mean of the values.
       */
      average: AggregatorFactory(
        (v) => v.reduce((p, c) => p + c.value, 0) / v.length
      ),
      /**
       * @return The minimum of the values.
       */
      min: AggregatorFactory(
        (v) => v.reduce((p, c) => Math.min(p, c.value), Infinity)
      ),
      /**
       * @return The maximum of the values.
       */
      max: AggregatorFactory(
        (v) => v.reduce((p, c) => Math.max(p, c.value), -Infinity)
      )
    };
  }
});

// node_modules/prom-client/lib/cluster.js
var require_cluster = __commonJS({
  "node_modules/prom-client/lib/cluster.js"(exports2, module2) {
    "use strict";
    var Registry2 = require_registry();
    var { Grouper } = require_util();
    var { aggregators } = require_metricAggregators();
    var cluster = () => {
      const data = require("cluster");
      cluster = () => data;
      return data;
    };
    var GET_METRICS_REQ = "prom-client:getMetricsReq";
    var GET_METRICS_RES = "prom-client:getMetricsRes";
    var registries = [Registry2.globalRegistry];
    var requestCtr = 0;
    var listenersAdded = false;
    var requests2 = /* @__PURE__ */ new Map();
    var AggregatorRegistry = class extends Registry2 {
      constructor(regContentType = Registry2.PROMETHEUS_CONTENT_TYPE) {
        super(regContentType);
        addListeners();
      }
      /**
       * Gets aggregated metrics for all workers. The optional callback and
       * returned Promise resolve with the same value; either may be used.
       * @return {Promise<string>} Promise that resolves with the aggregated
       *   metrics.
       */
      clusterMetrics() {
        const requestId = requestCtr++;
        return new Promise((resolve, reject) => {
          let settled = false;
          function done(err, result) {
            if (settled) return;
            settled = true;
            if (err) reject(err);
            else resolve(result);
          }
          const request4 = {
            responses: [],
            pending: 0,
            done,
            errorTimeout: setTimeout(() => {
              const err = new Error("Operation timed out.");
              request4.done(err);
            }, 5e3)
          };
          requests2.set(requestId, request4);
          const message = {
            type: GET_METRICS_REQ,
            requestId
          };
          for (const id in cluster().workers) {
            if (cluster().workers[id].isConnected()) {
              cluster().workers[id].send(message);
              request4.pending++;
            }
          }
          if (request4.pending === 0) {
            clearTimeout(request4.errorTimeout);
            process.nextTick(() => done(null, ""));
          }
        });
      }
      get contentType() {
        return super.contentType;
      }
      /**
       * Creates a new Registry instance from an array of metrics that were
       * created by `registry.getMetricsAsJSON()`. Metrics are aggregated using
       * the method specified by their `aggregator` property, or by summation if
       * `aggregator` is undefined.
       * @param {Array} metricsArr Array of metrics, each of which created by
       *   `registry.getMetricsAsJSON()`.
       * @param {string} registryType content type of the new registry. Defaults
       * to PROMETHEUS_CONTENT_TYPE.
       * @return {Registry} aggregated registry.
       */
      static aggregate(metricsArr, registryType = Registry2.PROMETHEUS_CONTENT_TYPE) {
        const aggregatedRegistry = new Registry2();
        const metricsByName = new Grouper();
        aggregatedRegistry.setContentType(registryType);
        metricsArr.forEach((metrics) => {
          metrics.forEach((metric) => {
            metricsByName.add(metric.name, metric);
          });
        });
        metricsByName.forEach((metrics) => {
          const aggregatorName = metrics[0].aggregator;
          const aggregatorFn = aggregators[aggregatorName];
          if (typeof aggregatorFn !== "function") {
            throw new Error(`'${aggregatorName}' is not a defined aggregator.`);
          }
          const aggregatedMetric = aggregatorFn(metrics);
          if (aggregatedMetric) {
            const aggregatedMetricWrapper = Object.assign(
              {
                get: () => aggregatedMetric
              },
              aggregatedMetric
            );
            aggregatedRegistry.registerMetric(aggregatedMetricWrapper);
          }
        });
        return aggregatedRegistry;
      }
      /**
       * Sets the registry or registries to be aggregated. Call from workers to
       * use a registry/registries other than the default global registry.
       * @param {Array<Registry>|Registry} regs Registry or registries to be
       *   aggregated.
       * @return {void}
       */
      static setRegistries(regs) {
        if (!Array.isArray(regs)) regs = [regs];
        regs.forEach((reg) => {
          if (!(reg instanceof Registry2)) {
            throw new TypeError(`Expected Registry, got ${typeof reg}`);
          }
        });
        registries = regs;
      }
    };
    function addListeners() {
      if (listenersAdded) return;
      listenersAdded = true;
      if (cluster().isMaster) {
        cluster().on("message", (worker, message) => {
          if (message.type === GET_METRICS_RES) {
            const request4 = requests2.get(message.requestId);
            if (message.error) {
              request4.done(new Error(message.error));
              return;
            }
            message.metrics.forEach((registry) => request4.responses.push(registry));
            request4.pending--;
            if (request4.pending === 0) {
              requests2.delete(message.requestId);
              clearTimeout(request4.errorTimeout);
              const registry = AggregatorRegistry.aggregate(request4.responses);
              const promString = registry.metrics();
              request4.done(null, promString);
            }
          }
        });
      }
      if (cluster().isWorker) {
        process.on("message", (message) => {
          if (message.type === GET_METRICS_REQ) {
            Promise.all(registries.map((r) => r.getMetricsAsJSON())).then((metrics) => {
              process.send({
                type: GET_METRICS_RES,
                requestId: message.requestId,
                metrics
              });
            }).catch((error) => {
              process.send({
                type: GET_METRICS_RES,
                requestId: message.requestId,
                error: error.message
              });
            });
          }
        });
      }
    }
    module2.exports = AggregatorRegistry;
  }
});

// node_modules/prom-client/index.js
var require_prom_client = __commonJS({
  "node_modules/prom-client/index.js"(exports2) {
    "use strict";
    exports2.register = require_registry().globalRegistry;
    exports2.Registry = require_registry();
    Object.defineProperty(exports2, "contentType", {
      configurable: false,
      enumerable: true,
      get() {
        return exports2.register.contentType;
      },
      set(value) {
        exports2.register.setContentType(value);
      }
    });
    exports2.prometheusContentType = exports2.Registry.PROMETHEUS_CONTENT_TYPE;
    exports2.openMetricsContentType = exports2.Registry.OPENMETRICS_CONTENT_TYPE;
    exports2.validateMetricName = require_validation().validateMetricName;
    exports2.Counter = require_counter();
    exports2.Gauge = require_gauge();
    exports2.Histogram = require_histogram();
    exports2.Summary = require_summary();
    exports2.Pushgateway = require_pushgateway();
    exports2.linearBuckets = require_bucketGenerators().linearBuckets;
    exports2.exponentialBuckets = require_bucketGenerators().exponentialBuckets;
    exports2.collectDefaultMetrics = require_defaultMetrics();
    exports2.aggregators = require_metricAggregators().aggregators;
    exports2.AggregatorRegistry = require_cluster();
  }
});

// pvc-plumber/main.ts
var main_exports = {};
__export(main_exports, {
  reportFailure: () => reportFailure,
  run: () => run
});
module.exports = __toCommonJS(main_exports);

// lib/model/timeouts.ts
var longestWebhookSeconds = 30;
var leastGapMs = 500;
var TimeoutChain = class _TimeoutChain {
  constructor(plumberBudgetMs, apiCallSeconds, webhookSeconds) {
    this.plumberBudgetMs = plumberBudgetMs;
    this.apiCallSeconds = apiCallSeconds;
    this.webhookSeconds = webhookSeconds;
  }
  plumberBudgetMs;
  apiCallSeconds;
  webhookSeconds;
  /** @throws RangeError where a limit does not end {@link leastGapMs} before the next, or Kyverno and Kubernetes would not take it */
  static of(limits) {
    const { plumberBudgetMs, apiCallSeconds, webhookSeconds } = limits;
    const ordered = [
      ["plumberBudgetMs", plumberBudgetMs],
      ["apiCallSeconds", apiCallSeconds * 1e3],
      ["webhookSeconds", webhookSeconds * 1e3]
    ];
    for (const [index, [name, ms]] of ordered.entries()) {
      const [inner, least] = index === 0 ? ["nothing", 0] : [ordered[index - 1][0], ordered[index - 1][1] + leastGapMs];
      if (!(ms > 0 && ms >= least))
        throw new RangeError(`${name} is ${ms} ms: it has to end at least ${leastGapMs} ms after ${inner}, so at ${least} ms or later`);
    }
    for (const [name, seconds3] of [
      ["apiCallSeconds", apiCallSeconds],
      ["webhookSeconds", webhookSeconds]
    ]) {
      if (!Number.isInteger(seconds3) || seconds3 > longestWebhookSeconds)
        throw new RangeError(`${name} is ${seconds3}: it has to be a whole number of seconds, at most ${longestWebhookSeconds}`);
    }
    return new _TimeoutChain(plumberBudgetMs, apiCallSeconds, webhookSeconds);
  }
  /** The longest budget that pvc-plumber may be given, in milliseconds: with a longer one Kyverno would not hear the answer. */
  get longestPlumberBudgetMs() {
    return this.apiCallSeconds * 1e3 - leastGapMs;
  }
};
var timeouts = TimeoutChain.of({
  plumberBudgetMs: 2500,
  apiCallSeconds: 4,
  // One question is answered long before, but 200 at the same moment on two cores wait up to 10 s for their turn, and a PVC that waited too long would
  // be refused though nothing is in doubt.
  webhookSeconds: 25
});

// lib/model/naming.ts
var import_node_crypto = require("node:crypto");
var backupLabel = "backup";
var domain = "volsync.backup";
var annotation = {
  /** The gate's decision. Always overwritten by the gate. */
  decision: `${domain}/decision`,
  /** Why the gate came to its decision. */
  reason: `${domain}/decision-reason`,
  /** When the gate came to its decision, RFC 3339 in UTC. The admission policy accepts no decision of another time: it belongs to another creation. */
  decidedAt: `${domain}/decided-at`,
  /** The PVC that the decision is about, `namespace/name`. A decision about another one, in the manifest of a cloned namespace, counts for nothing. */
  decidedFor: `${domain}/decided-for`,
  /**
   * Resource version of the PVC on which the gate decided when the label was set on an existing one. The admission policy compares it with the version that is
   * being changed: a decision of another change has another one.
   */
  decidedAtVersion: `${domain}/decided-at-version`,
  /** When pvc-plumber asked for what is generated once more, RFC 3339. The repair policy acts when it changes. */
  repairRequestedAt: `${domain}/repair-requested-at`,
  /** `"true"`: create the PVC empty although a backup may exist. Needs {@link annotation.skipRestoreReason}. */
  skipRestore: `${domain}/skip-restore`,
  skipRestoreReason: `${domain}/skip-restore-reason`,
  /** Numeric user of the mover Pods of this PVC, in place of the site's. */
  runAsUser: `${domain}/run-as-user`,
  runAsGroup: `${domain}/run-as-group`,
  fsGroup: `${domain}/fs-group`,
  /** Restore the newest backup that is not younger than this time (RFC 3339). Needs {@link annotation.restoreExpires}. */
  restoreAsOf: `${domain}/restore-as-of`,
  /** Skip this many of the newest backups. Needs {@link annotation.restoreExpires}. */
  restorePrevious: `${domain}/restore-previous`,
  /**
   * RFC 3339: the choice of an older backup is for a creation before this time, at most seven days ahead. Later the PVC is refused: the line that is
   * still in Git must not bring old data back on the next cluster.
   */
  restoreExpires: `${domain}/restore-expires`,
  /** On a PersistentVolume: why it is given to a PVC by hand, without a restore. */
  reattachReason: `${domain}/reattach-reason`
};
var podLabel = {
  /** `backup` or `restore`. */
  mover: `${domain}/mover`,
  /** `keep`: owners and modes are part of the data, the mover runs as root. `fixed`: everything belongs to one user. */
  owners: `${domain}/owners`
};
var namespace = {
  argocd: "argocd",
  onepassword: "1passwordconnect",
  externalSecrets: "external-secrets",
  longhorn: "longhorn-system",
  snapshotController: "snapshot-controller",
  volsync: "volsync-system",
  kyverno: "kyverno",
  monitoring: "prometheus-stack"
};
var plumber = {
  name: "pvc-plumber",
  namespace: namespace.volsync,
  port: 8080,
  servicePort: 80,
  /** Secret with the S3 credentials, mounted as files. */
  credentialsSecret: "pvc-plumber-s3",
  /**
   * Bounds of its memory, below the limit of its container; and code compiled at once rather than after some calls, because a burst of restores
   * meets a Pod that has just started (the first one is answered in two thirds of the time).
   */
  nodeFlags: ["--max-old-space-size=96", "--max-semi-space-size=8", "--always-sparkplug"],
  /** The description's address; the policy calls it, nothing may rename it. */
  url: "http://pvc-plumber.volsync-system.svc.cluster.local"
};
var explainQuery = "explain";
var repairer = { name: "pvc-plumber-repair", namespace: plumber.namespace };
function secretName(pvc) {
  return `volsync-${pvc.name}`;
}
function sourceName(pvc) {
  return `${pvc.name}-backup`;
}
function restoreNamePrefix(pvc) {
  return `${pvc.name}-restore-`;
}
var restoreSuffixLength = 8;
var restoreNamePattern = `-restore-[a-z0-9]{${restoreSuffixLength}}$`;
function storePrefix(pvc) {
  return `${pvc.namespace}/${pvc.name}`;
}
var maintenanceDigits = 16;
function maintenanceName(pvc) {
  return `kopia-${(0, import_node_crypto.createHash)("sha256").update(pvc.name).digest("hex").slice(0, maintenanceDigits)}`;
}

// lib/model/kubernetes-name.ts
var label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
var dns1123Label = new RegExp(`^${label}$`);
var dns1123Subdomain = new RegExp(`^${label}(\\.${label})*$`);
function isDnsLabel(text) {
  return text.length <= 63 && dns1123Label.test(text);
}
function isDnsSubdomain(text) {
  return text.length <= 253 && dns1123Subdomain.test(text);
}

// lib/model/object-store.ts
function endpointProblem(endpoint) {
  return serverUrlProblem(endpoint, {
    credentials: "the endpoint holds credentials: take them out, they come from 1Password",
    path: "the bucket is a value of its own"
  });
}
function serverUrlProblem(value, words) {
  const want = "write it as http://host:port or https://host:port";
  if (value.includes("@")) return `${words.credentials}; ${want}`;
  const shown2 = JSON.stringify(value);
  if (hasBlanks(value)) return `${shown2} holds white space or a control character: remove it; ${want}`;
  const [, scheme, rest] = /^(https?):\/\/(.*)$/.exec(value) ?? [];
  if (scheme === void 0 || rest === void 0) return `${shown2} has no http:// or https:// in front: ${want}`;
  if (/^[^/?#\\]+\/$/.test(rest)) return `${shown2} ends with a slash: ${want}`;
  if (/[/?#\\]/.test(rest)) return `${shown2} has more than scheme, host and port: ${want}; ${words.path}`;
  return hostPortProblem(value, rest, want);
}
function hostPortProblem(value, rest, want) {
  const shown2 = JSON.stringify(value);
  const [, host, , port] = /^(\[[^\]]*\]|[^:]*)(:(.*))?$/.exec(rest) ?? [];
  if (port !== void 0 && (!/^[1-9]\d*$/.test(port) || Number(port) > 65535)) {
    return /^\d+$/.test(port) ? `${shown2} has no port from 1 to 65535 (without zeros in front): ${want}` : `${shown2} is not a URL: ${want}`;
  }
  if (!URL.canParse(value)) return `${shown2} is not a URL: ${want}`;
  const { hostname } = new URL(value);
  if (hostname !== host) return `${shown2} is read as ${hostname} by one program, and as it stands by another: write the host as ${hostname}`;
  if (!isIp(hostname) && !isDnsSubdomain(hostname.replaceAll("_", "-")))
    return `${shown2} has a host that is neither a DNS name nor an address: ${want}`;
  if (/\.amazonaws\.com(\.cn)?$/.test(hostname) && !/^s3[.-]/.test(hostname)) {
    return `${shown2} is not an S3 endpoint of AWS: write that of the region, https://s3.<region>.amazonaws.com; the bucket is a value of its own`;
  }
  return void 0;
}
function hasBlanks(text) {
  return /[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202f\ufeff]/u.test(text);
}
function isIp(hostname) {
  return hostname.startsWith("[") || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
}
function bucketProblem(bucket) {
  const shown2 = JSON.stringify(bucket);
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    return `${shown2} is not a bucket name: 3 to 63 lower-case letters, digits, dashes and dots, without a path`;
  }
  if (/\.[.-]|-\./.test(bucket)) return `${shown2} is not a bucket name: no dot beside a dot or a dash`;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(bucket)) return `${shown2} is not a bucket name: it looks like an address`;
  return void 0;
}
function regionProblem(region) {
  return /^[a-z0-9-]{1,40}$/.test(region) ? void 0 : `${JSON.stringify(region)} is not a region: write it like us-east-1, in 1 to 40 lower-case letters, digits and dashes`;
}
var storeIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
function storeIdProblem(id) {
  return storeIdPattern.test(id) ? void 0 : `${JSON.stringify(id)} is not an id: letters, digits, dots and dashes; take the one that \`npm run plumber -- identify\` printed`;
}
var storeMarkerKey = "zero-touch-pvc-store.json";
var storeLeaseKey = "zero-touch-pvc-lease.json";

// pvc-plumber/log.ts
var weights = { debug: 10, info: 20, warn: 30, error: 40 };
var logLevels = ["debug", "info", "warn", "error"];
var Log = class {
  constructor(level, write = (line) => void process.stdout.write(line)) {
    this.level = level;
    this.write = write;
  }
  level;
  write;
  lines = "";
  debug(message, fields) {
    this.line("debug", message, fields);
  }
  info(message, fields) {
    this.line("info", message, fields);
  }
  warn(message, fields) {
    this.line("warn", message, fields);
  }
  error(message, fields) {
    this.line("error", message, fields);
  }
  /** Writes what waits; has to be called before the process ends. */
  flush() {
    const { lines } = this;
    this.lines = "";
    if (lines !== "") this.write(lines);
  }
  line(level, message, fields) {
    if (weights[level] < weights[this.level]) return;
    if (this.lines === "") setImmediate(() => this.flush());
    this.lines += `${JSON.stringify({ time: (/* @__PURE__ */ new Date()).toISOString(), level, message, ...fields })}
`;
  }
};

// pvc-plumber/settings.ts
var settings = {
  PORT: { fallback: String(plumber.port), setBy: "the tree", meaning: "port; 0 takes a free one" },
  S3_ENDPOINT: { setBy: "the tree", meaning: "`http://host[:port]` or `https://host[:port]`; required" },
  S3_BUCKET: { setBy: "the tree", meaning: "bucket; required" },
  S3_PREVIOUS: { setBy: "the tree", meaning: 'stores that the site used before: a JSON list of `{ "endpoint", "bucket" }`' },
  S3_REGION: { fallback: "us-east-1", setBy: "the tree", meaning: "region that requests are signed for" },
  CREDENTIALS_DIR: { fallback: "/etc/pvc-plumber/s3", setBy: "the tree", meaning: "folder of the mounted Secret" },
  STORE_ID: { setBy: "the tree", meaning: "id of the store's marker; without it the identity of the store is not checked" },
  CLUSTER_TOKEN_FILE: {
    setBy: "the tree",
    meaning: "token that tells clusters apart; without it the lease of the store is not kept, and two clusters may use it"
  },
  WARM_UP: { fallback: "true", setBy: "the tree", meaning: "list the bucket ahead of questions, and compile the code of an answer: true or false" },
  LOG_LEVEL: { fallback: "info", setBy: "a person", meaning: "debug, info, warn or error" },
  NODE_EXTRA_CA_CERTS: { setBy: "a person", meaning: "read by Node: PEM file of the authority of the store's certificate" },
  BUDGET_MS: {
    fallback: String(timeouts.plumberBudgetMs),
    meaning: `time for a whole answer, in milliseconds, from 100 to ${timeouts.longestPlumberBudgetMs}, because Kyverno does not wait longer`
  },
  CACHE_TTL_MS: { fallback: "10000", meaning: "how long a proven `restore` is repeated without asking, in milliseconds, from 0 to 600000" },
  STORE_CHECK_MS: { fallback: "1000", meaning: "how long one check of the store vouches for a `restore`, in milliseconds, from 0 to 10000" },
  WARM_TTL_MS: {
    fallback: "300000",
    meaning: "how long a listing of the bucket vouches for a `restore`, after CACHE_TTL_MS together with the repository's own object, in milliseconds, from 1000 to 3600000"
  },
  SCAN_INTERVAL_MS: {
    fallback: "3600000",
    meaning: "time between two scans of the whole store for its metrics, in milliseconds, up to 86400000; 0 never scans, and the alerts that need it fire"
  },
  LEASE_RENEW_MS: {
    fallback: "60000",
    meaning: "time between two renewals of the lease, which ends after five, in milliseconds, from 200 to 600000"
  },
  DRAIN_MS: {
    fallback: "3000",
    meaning: "how long questions are still taken after SIGTERM, until the Service has forgotten the Pod, in milliseconds, from 0 to 60000"
  },
  MAX_S3_REQUESTS: { fallback: "96", meaning: "requests to S3 at the same time, from 1 to 1000" },
  MAX_CONNECTIONS: { fallback: "2000", meaning: "connections of clients at the same time, from 1 to 100000" }
};
function help() {
  const width = Math.max(...Object.keys(settings).map((name) => name.length));
  const lines = Object.entries(settings).map(
    ([name, { fallback, meaning }]) => `  ${name.padEnd(width)}  ${meaning}${fallback === void 0 ? "" : ` (${fallback})`}`
  );
  return `pvc-plumber says whether a backup of a PVC exists.

  pvc-plumber            serve GET /exists/{namespace}/{pvc}, /healthz, /readyz and /metrics
  pvc-plumber identify   give the store its identity, and print the line for main.ts
  pvc-plumber takeover   take the store over from another cluster that uses it
  pvc-plumber repair     ask Kyverno for what PVCs lack
  pvc-plumber --help     print this

Variables of the environment, with their defaults:
${lines.join("\n")}
`;
}

// pvc-plumber/config.ts
var ConfigError = class extends Error {
  constructor(problems) {
    super(problems.join("\n"));
    this.problems = problems;
  }
  problems;
};
function readConfig(env) {
  const problems = [];
  const text = (name) => {
    const value = env[name];
    return value === void 0 || value === "" ? settings[name].fallback : value;
  };
  const report = (name, problem) => void (problem !== void 0 && problems.push(`${name}: ${problem}`));
  const whole = (name, least, most2) => {
    const raw = text(name) ?? "";
    const value = /^\d{1,9}$/.test(raw) ? Number(raw) : Number.NaN;
    if (value >= least && value <= most2) return value;
    report(name, `"${raw}" is not a whole number from ${least} to ${most2}`);
    return least;
  };
  const choice = (name, all) => {
    const raw = text(name);
    const found = all.find((one) => one === raw);
    if (found === void 0) report(name, `"${raw}" is not one of ${all.join(", ")}`);
    return found ?? all[0];
  };
  const flag = (name) => choice(name, ["true", "false"]) === "true";
  const required = (name, check) => {
    const value = text(name);
    report(name, value === void 0 ? "missing; it is the site's value from main.ts" : check(value));
    return value ?? "";
  };
  const config = {
    port: whole("PORT", 0, 65535),
    endpoint: required("S3_ENDPOINT", endpointProblem),
    bucket: required("S3_BUCKET", bucketProblem),
    previous: readPrevious(text("S3_PREVIOUS"), (problem) => report("S3_PREVIOUS", problem)),
    region: text("S3_REGION") ?? "",
    credentialsDir: text("CREDENTIALS_DIR") ?? "",
    storeId: text("STORE_ID"),
    clusterTokenFile: text("CLUSTER_TOKEN_FILE"),
    leaseRenewMs: whole("LEASE_RENEW_MS", 200, 6e5),
    budgetMs: whole("BUDGET_MS", 100, timeouts.longestPlumberBudgetMs),
    cacheTtlMs: whole("CACHE_TTL_MS", 0, 6e5),
    maxS3Requests: whole("MAX_S3_REQUESTS", 1, 1e3),
    maxConnections: whole("MAX_CONNECTIONS", 1, 1e5),
    storeCheckMs: whole("STORE_CHECK_MS", 0, 1e4),
    warmUp: flag("WARM_UP"),
    warmTtlMs: whole("WARM_TTL_MS", 1e3, 36e5),
    scanIntervalMs: whole("SCAN_INTERVAL_MS", 0, 864e5),
    drainMs: whole("DRAIN_MS", 0, 6e4),
    logLevel: choice("LOG_LEVEL", logLevels)
  };
  if (config.storeId !== void 0) report("STORE_ID", storeIdProblem(config.storeId));
  report("S3_REGION", regionProblem(config.region));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}
function readPrevious(json2, report) {
  if (json2 === void 0) return [];
  try {
    const stores = JSON.parse(json2);
    for (const { endpoint, bucket } of stores) {
      const problem = endpointProblem(endpoint) ?? bucketProblem(bucket);
      if (problem !== void 0) report(problem);
    }
    return stores;
  } catch {
    report(`${JSON.stringify(json2)} is not a JSON list of stores, each with endpoint and bucket`);
    return [];
  }
}

// pvc-plumber/identify.ts
var import_node_crypto2 = require("node:crypto");

// pvc-plumber/credentials.ts
var import_node_fs = require("node:fs");
var import_node_path = require("node:path");

// pvc-plumber/s3/failure.ts
var S3Failure = class extends Error {
  /**
   * @param retry whether the same request may succeed a moment later
   * @param vague a status alone, without the server's word for it: HEAD has no body
   */
  constructor(kind, message, retry = false, vague = false) {
    super(message);
    this.kind = kind;
    this.retry = retry;
    this.vague = vague;
  }
  kind;
  retry;
  vague;
  name = "S3Failure";
};
var untrusted = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_\w+|INVALID_CA|ERR_TLS_\w+)$/;
function fromSocketError(error, { endpoint }) {
  const code = error.code ?? error.name;
  if (untrusted.test(code))
    return new S3Failure(
      "address",
      `${endpoint} has a TLS certificate that is not trusted (${code}): name its authority in NODE_EXTRA_CA_CERTS, or correct the endpoint`
    );
  if (code === "EPROTO" || code.startsWith("ERR_SSL"))
    return new S3Failure("address", `${endpoint} does not speak TLS as expected (${code}): is it http:// instead of https://?`);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return new S3Failure("address", `the host of ${endpoint} can't be resolved (${code})`);
  if (code === "ECONNRESET" || code === "EPIPE") return new S3Failure("server", `${endpoint} broke the connection (${code})`, true);
  if (code.startsWith("HPE_"))
    return new S3Failure("odd", `${endpoint} does not speak proper HTTP (${code}): is it https:// instead of http://, or not an S3 server?`);
  return new S3Failure("address", `${endpoint} can't be reached (${code})`);
}
function fromStatus(status, code, location, { endpoint, bucket }) {
  const said = code === void 0 ? `${status}` : `${status} ${code}`;
  if (code === "NoSuchBucket") return noSuchBucket({ endpoint, bucket });
  if (code === "RequestTimeTooSkewed")
    return new S3Failure("credentials", `${endpoint} refused the time of the request (${said}): the clock of this node or of the S3 server is wrong`);
  if (status === 401 || status === 403)
    return new S3Failure("credentials", `credentials were refused by ${endpoint} for bucket ${bucket} (${said})`, false, code === void 0);
  if (status >= 300 && status < 400) {
    return new S3Failure(
      "address",
      `${endpoint} redirected${location === void 0 ? "" : ` to ${location}`} (${said}), which is not followed: correct the endpoint or the region`
    );
  }
  if (status === 503 || status === 429 || code === "SlowDown")
    return new S3Failure("server", `${endpoint} is overloaded or not ready (${said})`, true);
  if (status >= 500) return new S3Failure("server", `${endpoint} failed (${said})`, true);
  return new S3Failure("odd", `${endpoint} answered ${said}, which proves nothing`, false, code === void 0);
}
function noSuchBucket({ endpoint, bucket }) {
  return new S3Failure("address", `bucket ${bucket} does not exist on ${endpoint}`);
}
function wasDeleted(what, { endpoint, bucket }) {
  return new S3Failure(
    "odd",
    `${what} was deleted from bucket ${bucket} on ${endpoint}, which keeps older versions: bring them back, or remove them for good when nothing is needed`
  );
}

// pvc-plumber/credentials.ts
var rereadMs = 1e3;
var CredentialsDirectory = class {
  /**
   * @param directory where the Secret is mounted
   * @param store the site's values
   * @param changed called when other credentials came, or they came or went
   */
  constructor(directory, store, changed = () => void 0) {
    this.directory = directory;
    this.store = store;
    this.changed = changed;
  }
  directory;
  store;
  changed;
  readAt = Number.NEGATIVE_INFINITY;
  text = "";
  current = new S3Failure("credentials", "the credentials were not read yet");
  /** @throws S3Failure with what is missing or contradictory */
  read() {
    const now = performance.now();
    if (now - this.readAt >= rereadMs) {
      this.readAt = now;
      this.refresh();
    }
    if (this.current instanceof S3Failure) throw this.current;
    return this.current;
  }
  refresh() {
    const files = this.files();
    const text = JSON.stringify(files);
    if (text === this.text) return;
    this.text = text;
    this.current = this.interpret(files);
    this.changed();
  }
  files() {
    const link = (0, import_node_path.join)(this.directory, "..data");
    try {
      const folder = (0, import_node_fs.existsSync)(link) ? (0, import_node_fs.realpathSync)(link) : this.directory;
      return Object.fromEntries(["access-key-id", "secret-access-key", "endpoint", "bucket"].map((name) => [name, readText((0, import_node_path.join)(folder, name))]));
    } catch {
      return {};
    }
  }
  interpret(files) {
    const { endpoint, bucket, "access-key-id": accessKeyId, "secret-access-key": secretAccessKey } = files;
    const missing2 = ["access-key-id", "secret-access-key"].filter((name) => (files[name] ?? "") === "");
    if (endpoint !== void 0 && !sameEndpoint(endpoint, this.store.endpoint)) return this.mismatch("endpoint", endpoint, this.store.endpoint);
    if (bucket !== void 0 && bucket !== this.store.bucket) return this.mismatch("bucket", bucket, this.store.bucket);
    if (accessKeyId === void 0 || secretAccessKey === void 0 || missing2.length > 0) {
      return new S3Failure("credentials", `no credentials yet: ${missing2.map((name) => (0, import_node_path.join)(this.directory, name)).join(" and ")} missing or empty`);
    }
    if (!/^[\x21-\x7e]+$/.test(accessKeyId))
      return new S3Failure("credentials", `${(0, import_node_path.join)(this.directory, "access-key-id")} is not an access key: it holds blanks or line breaks`);
    return { accessKeyId, secretAccessKey };
  }
  mismatch(what, secret, site) {
    return new S3Failure(
      "address",
      `the ${what} in the Secret is "${shown(secret)}", but the site's is "${site}": backups may go elsewhere; make them equal`
    );
  }
};
function readText(path) {
  try {
    return (0, import_node_fs.readFileSync)(path, "utf8").trim();
  } catch {
    return void 0;
  }
}
function sameEndpoint(a, b) {
  if (a === b) return true;
  return URL.canParse(a) && URL.canParse(b) && a.replace(/\/$/, "") === new URL(a).origin && new URL(a).origin === new URL(b).origin;
}
function shown(value) {
  return value.replace(/\/\/[^/@]*@/, "//***@").slice(0, 120);
}

// pvc-plumber/deadline.ts
var Deadline = class _Deadline {
  /**
   * @param ms time from now, in milliseconds
   * @param whom who gave no answer then, for the message
   */
  static in(ms, whom) {
    return new _Deadline(ms, `no answer from ${whom} in ${ms / 1e3} s`);
  }
  controller = new AbortController();
  timer;
  constructor(ms, message) {
    this.timer = setTimeout(() => this.controller.abort(new S3Failure("timeout", message)), ms);
  }
  /** Aborted when the time is up, with an {@link S3Failure} as its reason. */
  get signal() {
    return this.controller.signal;
  }
  /** Ends it now: whatever waits for it fails. */
  abort() {
    clearTimeout(this.timer);
    this.controller.abort(new S3Failure("timeout", "given up: the service stops"));
  }
  /** Stops the timer. Has to be called when the work is done; what still runs goes on without a limit, so nothing may. */
  clear() {
    clearTimeout(this.timer);
  }
};
function untilAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}

// pvc-plumber/s3/client.ts
var import_aws4 = __toESM(require_aws4());

// pvc-plumber/s3/listing.ts
var import_parse_xml = __toESM(require_dist());
function parseListing(body, query, store) {
  const root = parse(body, store);
  if (root.name !== "ListBucketResult") throw odd(`<${root.name}> in place of a list`, store);
  const entries = children(root, "Contents");
  const keys = entries.map((entry) => textOf(entry, "Key"));
  const named = keys.filter((key) => key !== void 0);
  if (named.length !== keys.length) throw odd("a list with an entry that has no key", store);
  const stranger = named.find((key) => !key.startsWith(query.prefix));
  if (stranger !== void 0) throw odd(`a list that ignores the prefix ${query.prefix}`, store);
  const truncated = textOf(root, "IsTruncated");
  const doubt = doubtOf(root, named.length + children(root, "CommonPrefixes").length, truncated, query, store);
  const details = query.details === true ? {
    times: entries.map((entry) => Date.parse(textOf(entry, "LastModified") ?? "")),
    sizes: entries.map((entry) => Number(textOf(entry, "Size") ?? Number.NaN))
  } : {};
  return { keys: named, ...details, truncated: truncated === "true", doubt };
}
function parseVersions(body, prefix, store) {
  const root = parse(body, store);
  if (root.name !== "ListVersionsResult") return void 0;
  return ["Version", "DeleteMarker"].flatMap((name) => children(root, name).map((entry) => textOf(entry, "Key"))).filter((key) => key?.startsWith(prefix) === true);
}
function parseErrorCode(body) {
  try {
    const root = (0, import_parse_xml.parseXml)(body).root;
    const code = root?.name === "Error" ? textOf(root, "Code") : void 0;
    return code !== void 0 && /^\w{1,64}$/.test(code) ? code : void 0;
  } catch {
    return void 0;
  }
}
function doubtOf(root, shown2, truncated, query, { bucket }) {
  const count = textOf(root, "KeyCount");
  const name = textOf(root, "Name");
  const prefix = textOf(root, "Prefix");
  if (truncated !== "true" && truncated !== "false") return "a list that does not say whether it is complete";
  if (count === void 0) return "a list without KeyCount";
  if (count !== String(shown2)) return `a list of ${shown2} keys that claims to have ${count}`;
  if (shown2 > query.maxKeys) return `a list of ${shown2} keys where ${query.maxKeys} were asked for`;
  if (shown2 === 0 && truncated === "true") return "an empty list that claims to have more";
  if (prefix !== void 0 && prefix !== query.prefix) return `a list of the prefix "${prefix}" in place of ${query.prefix}`;
  if (name !== void 0 && name !== bucket) return `a list of the bucket "${name}" in place of ${bucket}`;
  return void 0;
}
function parse(body, store) {
  try {
    const root = (0, import_parse_xml.parseXml)(body).root;
    if (root !== null) return root;
  } catch {
  }
  throw odd(body === "" ? "an empty body in place of a list" : "a list that is cut off or no XML", store);
}
function odd(what, { endpoint }) {
  return new S3Failure("odd", `${endpoint} answered with ${what}`);
}
function children(parent, name) {
  return parent.children.filter((child) => child instanceof import_parse_xml.XmlElement && child.name === name);
}
function textOf(parent, name) {
  return children(parent, name)[0]?.text;
}

// pvc-plumber/s3/client.ts
var maxListBytes = 2 << 20;
var maxObjectBytes = 64 << 10;
var retryPauses = [40, 160];
var S3Client = class _S3Client {
  constructor(options) {
    this.options = options;
    this.base = `/${options.store.bucket}`;
  }
  options;
  base;
  /** The same client, whose requests wait elsewhere. */
  within(limit) {
    return new _S3Client({ ...this.options, limit });
  }
  /** The same client, each of whose requests may be answered by another server than the one before. */
  anew() {
    return new _S3Client({ ...this.options, anew: true });
  }
  async has(key, signal) {
    const reply2 = await this.call({ operation: "HeadObject", method: "HEAD", key }, signal);
    if (reply2.status === 200) return true;
    if (reply2.status === 404 && reply2.deleted) throw wasDeleted(key, this.options.store);
    if (reply2.status === 404) return false;
    throw this.failure(reply2);
  }
  async list(query, signal) {
    const parameters = {
      "list-type": "2",
      "max-keys": String(query.maxKeys),
      prefix: query.prefix,
      ...query.startAfter === void 0 ? {} : { "start-after": query.startAfter }
    };
    const reply2 = await this.call({ operation: "ListObjects", method: "GET", query: parameters, maxBytes: maxListBytes }, signal);
    if (reply2.status !== 200) throw this.failure(reply2);
    return parseListing(reply2.body, query, this.options.store);
  }
  async versions(prefix, signal) {
    const query = { versions: "", "max-keys": "10", prefix };
    const reply2 = await this.call({ operation: "ListVersions", method: "GET", query, maxBytes: maxListBytes }, signal);
    if (reply2.status === 200) return parseVersions(reply2.body, prefix, this.options.store);
    if (reply2.status === 501 || reply2.status >= 400 && reply2.status < 500 && reply2.status !== 429) return void 0;
    throw this.failure(reply2);
  }
  async expectBucket(signal) {
    const reply2 = await this.call({ operation: "HeadBucket", method: "HEAD" }, signal);
    if (reply2.status === 404) throw noSuchBucket(this.options.store);
    if (reply2.status !== 200) throw this.failure(reply2);
  }
  async read(key, signal) {
    return (await this.readObject(key, signal))?.text;
  }
  async readObject(key, signal) {
    const reply2 = await this.call({ operation: "GetObject", method: "GET", key, maxBytes: maxObjectBytes }, signal);
    if (reply2.status === 200) return { text: reply2.body, etag: reply2.etag, ageMs: reply2.ageMs ?? 0 };
    if (reply2.status === 404 && parseErrorCode(reply2.body) === "NoSuchKey") return void 0;
    throw this.failure(reply2);
  }
  async write(key, body, before2, signal) {
    const condition = before2 === "absent" ? { "if-none-match": "*" } : before2?.etag === void 0 ? {} : { "if-match": before2.etag };
    const put = (headers) => this.call({ operation: "PutObject", method: "PUT", key, headers: { "content-type": "application/json", ...headers }, body }, signal);
    let reply2 = await put(condition);
    if (reply2.status === 501 || reply2.status === 400 && Object.keys(condition).length > 0) reply2 = await put({});
    if (reply2.status === 200) return true;
    if (reply2.status === 412 || reply2.status === 409) return false;
    throw this.failure(reply2);
  }
  /**
   * Writes an object where none is: `If-None-Match: *`.
   *
   * @returns false when there is one
   */
  async create(key, body, signal) {
    const headers = { "if-none-match": "*", "content-type": "application/json" };
    const reply2 = await this.call({ operation: "PutObject", method: "PUT", key, headers, body }, signal);
    if (reply2.status === 200) return true;
    if (reply2.status === 412) return false;
    throw this.failure(reply2);
  }
  failure({ status, body, location }) {
    return fromStatus(status, parseErrorCode(body), location, this.options.store);
  }
  /** Sends a call, again when the failure may pass. Only what is safe to repeat is: a PUT is sent once. */
  async call(call, signal) {
    for (let attempt = 0; ; attempt += 1) {
      const wait = call.method === "PUT" ? void 0 : retryPauses[attempt];
      const outcome = await this.options.limit.run(() => this.once(call, signal), signal).catch(asRetry(wait));
      if (!(outcome instanceof S3Failure)) {
        const passing = outcome.status >= 500 && outcome.status !== 501;
        if (!passing || wait === void 0) return outcome;
      }
      await pause((wait ?? 0) * (0.75 + Math.random() / 2), signal);
    }
  }
  async once(call, signal) {
    const started = performance.now();
    const observe = (outcome) => this.options.observe?.(call.operation, outcome, (performance.now() - started) / 1e3);
    try {
      const { path, headers } = this.sign(call);
      const reply2 = await this.options.transport.send(
        { method: call.method, path, headers, body: call.body, maxBytes: call.maxBytes ?? maxObjectBytes, anew: this.options.anew === true },
        signal
      );
      observe(String(reply2.status));
      return reply2;
    } catch (error) {
      observe(error instanceof S3Failure ? error.kind : "error");
      throw error;
    }
  }
  sign({ method, key, query, headers, body }) {
    const { host } = this.options.transport;
    const parameters = query === void 0 ? "" : `?${new URLSearchParams(query).toString()}`;
    const path = `${key === void 0 ? this.base || "/" : `${this.base}/${key}`}${parameters}`;
    const { accessKeyId, secretAccessKey } = this.options.credentials();
    const request4 = {
      service: "s3",
      region: this.options.region,
      method,
      host,
      path,
      headers: { ...headers },
      body
    };
    const signed = (0, import_aws4.sign)(request4, { accessKeyId, secretAccessKey });
    return { path: signed.path ?? path, headers: signed.headers ?? {} };
  }
};
function asRetry(wait) {
  return (error) => {
    if (error instanceof S3Failure && error.retry && wait !== void 0) return error;
    throw error;
  };
}

// pvc-plumber/s3/turns.ts
var Turns = class {
  clients = /* @__PURE__ */ new Map();
  count = 0;
  get size() {
    return this.count;
  }
  add({ client, namespace: namespace2 }, item) {
    const lanes = this.clients.get(client) ?? /* @__PURE__ */ new Map();
    const lane = lanes.get(namespace2) ?? /* @__PURE__ */ new Set();
    this.clients.set(client, lanes.set(namespace2, lane.add(item)));
    this.count += 1;
  }
  remove({ client, namespace: namespace2 }, item) {
    const lanes = this.clients.get(client);
    const lane = lanes?.get(namespace2);
    if (lanes === void 0 || lane?.delete(item) !== true) return;
    this.count -= 1;
    if (lane.size === 0) lanes.delete(namespace2);
    if (lanes.size === 0) this.clients.delete(client);
  }
  take() {
    const [client] = this.clients;
    const [lane] = client?.[1] ?? [];
    if (client === void 0 || lane === void 0) return void 0;
    const [[name, lanes], [namespace2, items]] = [client, lane];
    const [item] = items;
    this.clients.delete(name);
    this.clients.set(name, lanes);
    lanes.delete(namespace2);
    lanes.set(namespace2, items);
    this.remove({ client: name, namespace: namespace2 }, item);
    return item;
  }
};

// pvc-plumber/s3/request-limit.ts
var own = { client: "", namespace: "" };
var RequestLimit = class {
  /** @param limit how many may run at once, at least 1 */
  constructor(limit) {
    this.limit = limit;
  }
  limit;
  running = 0;
  waiting = new Turns();
  get inFlight() {
    return this.running;
  }
  get queued() {
    return this.waiting.size;
  }
  /** The same limit, for the questions of one lane. */
  lane(lane) {
    return { run: (work, signal) => this.run(work, signal, lane) };
  }
  /** Runs `work` as soon as there is room. */
  async run(work, signal, lane = own) {
    await this.enter(signal, lane);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }
  enter(signal, lane) {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.running < this.limit) {
      this.running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener("abort", stop);
        resolve();
      };
      const stop = () => {
        this.waiting.remove(lane, go);
        reject(signal.reason);
      };
      this.waiting.add(lane, go);
      signal.addEventListener("abort", stop, { once: true });
    });
  }
  leave() {
    const next = this.waiting.take();
    if (next === void 0) this.running -= 1;
    else next();
  }
};

// pvc-plumber/s3/transport.ts
var http = __toESM(require("node:http"));
var https = __toESM(require("node:https"));
var probeMs = 1e4;
var Transport = class {
  /**
   * @param connections most connections at once
   * @param lost called when the server ends a connection, idle or not: the first sign of a server that dies
   */
  constructor(store, connections2, lost) {
    this.store = store;
    this.lost = lost;
    const url = new URL(store.endpoint);
    const secure = url.protocol === "https:";
    const Agent5 = secure ? https.Agent : http.Agent;
    const keep = { keepAlive: true, maxFreeSockets: connections2, scheduling: "lifo", keepAliveMsecs: probeMs };
    this.agent = new Agent5({ ...keep, maxSockets: connections2 });
    this.onceAgent = new Agent5({ keepAlive: false, maxSockets: connections2 });
    this.request = secure ? https.request : http.request;
    this.host = url.host;
    this.target = { hostname: url.hostname.replace(/^\[|\]$/g, ""), port: url.port === "" ? secure ? 443 : 80 : url.port };
  }
  store;
  lost;
  agent;
  onceAgent;
  /** Host with port, as it stands in the header that is signed. */
  host;
  target;
  request;
  watched = /* @__PURE__ */ new WeakSet();
  /** @throws S3Failure for anything but a complete HTTP answer, or the signal's reason */
  send({ method, path, headers, body, maxBytes, anew = false }, signal) {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      let size = 0;
      const fail = (error) => {
        if (signal.aborted) reject(signal.reason);
        else if (size > maxBytes) reject(new S3Failure("odd", `${this.store.endpoint} answered with more than ${maxBytes} bytes`));
        else reject(fromSocketError(error, this.store));
      };
      const request4 = this.request({ ...this.target, agent: anew ? this.onceAgent : this.agent, method, path, headers });
      const stop = () => void request4.destroy();
      signal.addEventListener("abort", stop, { once: true });
      request4.on("close", () => signal.removeEventListener("abort", stop));
      request4.on("error", fail);
      if (!anew) request4.on("socket", (socket) => this.watch(socket));
      request4.on("response", (response) => {
        const chunks = [];
        response.on("data", (chunk) => {
          size += chunk.length;
          if (size <= maxBytes) chunks.push(chunk);
          else request4.destroy();
        });
        response.on("error", fail);
        response.on("close", () => {
          if (response.complete && size <= maxBytes) resolve(reply(response, chunks));
          else fail(Object.assign(new Error("cut off"), { code: "ECONNRESET" }));
        });
      });
      request4.end(body);
    });
  }
  watch(socket) {
    if (this.watched.has(socket)) return;
    this.watched.add(socket);
    socket.on("end", this.lost);
    socket.on("error", this.lost);
  }
  close() {
    this.agent.destroy();
    this.onceAgent.destroy();
  }
};
function reply(response, chunks) {
  const location = originOf(response.headers.location);
  const deleted = response.headers["x-amz-delete-marker"] === "true";
  const { etag, date: date2, "last-modified": modified } = response.headers;
  const ageMs = Date.parse(date2 ?? "") - Date.parse(modified ?? "");
  return {
    status: response.statusCode ?? 0,
    deleted,
    body: Buffer.concat(chunks).toString("utf8"),
    location,
    etag,
    ...Number.isNaN(ageMs) ? {} : { ageMs }
  };
}
function originOf(location) {
  return location !== void 0 && URL.canParse(location) ? new URL(location).origin : void 0;
}

// pvc-plumber/store-command.ts
var patienceMs = 2e4;
async function withStore({ endpoint, bucket, region, credentialsDir }, work) {
  const store = { endpoint, bucket };
  const credentials = new CredentialsDirectory(credentialsDir, store);
  const transport = new Transport(store, 2, () => void 0);
  const client = new S3Client({ store, region, transport, credentials: () => credentials.read(), limit: new RequestLimit(2) });
  const deadline = Deadline.in(patienceMs, endpoint);
  try {
    return await work(client, store, deadline.signal);
  } finally {
    deadline.clear();
    transport.close();
  }
}

// pvc-plumber/store-proof.ts
var batchMs = 3;
var StoreProof = class {
  constructor(options) {
    this.options = options;
  }
  options;
  provenAt = Number.NEGATIVE_INFINITY;
  invalidAt = Number.NEGATIVE_INFINITY;
  running;
  batch;
  /** The last check succeeded and is young enough to vouch without asking. Asks ahead when it gets old, so that a steady stream never waits. */
  isRecent() {
    const age = performance.now() - this.provenAt;
    if (age > this.options.maxAgeMs / 2 && age <= this.options.maxAgeMs && this.running === void 0) this.start().catch(() => void 0);
    return age <= this.options.maxAgeMs;
  }
  /** Resolves when a check that began no longer than `maxAgeMs` ago has succeeded. @throws S3Failure otherwise */
  async recent(signal) {
    if (this.isRecent()) return;
    const { running } = this;
    const joinable = running !== void 0 && performance.now() - running.startedAt <= this.options.maxAgeMs;
    await untilAborted(joinable ? running.result : this.begunAfterNow(signal), signal);
  }
  /**
   * Resolves when a check that began after this call has succeeded; calls at nearly the same time share one.
   *
   * @throws S3Failure when the check fails
   */
  begunAfterNow(signal) {
    this.batch ??= new Promise((resolve, reject) => {
      setTimeout(() => {
        this.batch = void 0;
        this.start().then(resolve, reject);
      }, batchMs);
    });
    return untilAborted(this.batch, signal);
  }
  /** Forgets what was proven: something failed that makes the store doubtful. */
  invalidate() {
    this.provenAt = Number.NEGATIVE_INFINITY;
    this.invalidAt = performance.now();
  }
  start() {
    const startedAt = performance.now();
    const deadline = Deadline.in(this.options.budgetMs, this.options.store.endpoint);
    const result = this.check(deadline.signal).then(
      () => {
        if (startedAt > this.invalidAt) this.provenAt = Math.max(this.provenAt, startedAt);
      },
      (error) => {
        this.invalidate();
        throw error;
      }
    ).finally(() => {
      deadline.clear();
      if (this.running?.result === result) this.running = void 0;
    });
    this.running = { startedAt, result };
    return result;
  }
  async check(signal) {
    const { reader, store, storeId } = this.options;
    if (storeId === void 0) {
      await reader.expectBucket(signal);
      return;
    }
    const where = `bucket ${store.bucket} on ${store.endpoint}`;
    const marker = await reader.read(storeMarkerKey, signal);
    if (marker === void 0) {
      throw new S3Failure("address", `${where} has no store marker (${storeMarkerKey}), but storeId is set: it is another store, or it was emptied`);
    }
    const found = markerId(marker);
    if (found !== storeId)
      throw new S3Failure("address", `${where} is another store: its marker says ${found ?? "nothing readable"}, storeId is ${storeId}`);
  }
};
function markerId(text) {
  try {
    const id = JSON.parse(text)?.storeId;
    return typeof id === "string" && storeIdPattern.test(id) ? id : void 0;
  } catch {
    return void 0;
  }
}

// pvc-plumber/identify.ts
async function identify(config) {
  return withStore(config, async (client, { bucket }, signal) => {
    await client.expectBucket(signal);
    const existing = await client.read(storeMarkerKey, signal);
    if (existing !== void 0) throw new Error(refusal(bucket, existing));
    const storeId = (0, import_node_crypto2.randomUUID)();
    const text = `${JSON.stringify({ storeId, createdAt: (/* @__PURE__ */ new Date()).toISOString(), createdBy: "zero-touch-pvc identify" }, void 0, 2)}
`;
    const created = await client.create(storeMarkerKey, text, signal);
    const written = await client.read(storeMarkerKey, signal);
    if (!created || written !== text) throw new Error(refusal(bucket, written ?? ""));
    return storeId;
  });
}
function siteLine(storeId) {
  return `storeId: '${storeId}',`;
}
function refusal(bucket, marker) {
  const id = markerId(marker);
  const has = `bucket ${bucket} has a marker already (${storeMarkerKey})`;
  if (id === void 0) return `${has}, but it can't be read: look at it by hand; it is not overwritten`;
  return `${has}; it is not overwritten. If this is the store of your backups, the line for the s3 block of main.ts is
  ${siteLine(id)}`;
}

// pvc-plumber/cluster-identity.ts
var import_node_fs2 = require("node:fs");
function clusterIdentity(tokenFile) {
  const [, payload = ""] = (0, import_node_fs2.readFileSync)(tokenFile, "utf8").split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  const uid = claims["kubernetes.io"]?.serviceaccount?.uid;
  if (typeof uid !== "string" || uid === "") throw new Error(`${tokenFile} holds no token of a ServiceAccount`);
  return uid;
}

// pvc-plumber/lease.ts
var intervalsToLive = 5;
var retryMs = 5e3;
var confirmMs = 2e3;
var Lease = class {
  constructor(options) {
    this.options = options;
  }
  options;
  held = { by: "nobody yet", why: "it was not read yet" };
  timer;
  running;
  deadline;
  stopped = false;
  /** Whether this cluster holds it; undefined as long as nobody knows. */
  get isOurs() {
    if (this.held.by === "nobody yet") return void 0;
    return this.held.by === "this cluster" && !this.isOver(this.held.at);
  }
  /** @throws S3Failure unless this cluster holds the lease */
  check() {
    const { held } = this;
    const { endpoint, bucket } = this.options.store;
    const lease = `the lease of bucket ${bucket} on ${endpoint} (${storeLeaseKey})`;
    if (held.by === "nobody yet") throw new S3Failure("odd", `${lease} could not be taken: ${held.why}`);
    if (held.by === "this cluster") {
      if (this.isOver(held.at))
        throw new S3Failure("odd", `${lease} could not be renewed for ${seconds(performance.now() - held.at)}: another cluster may have taken it`);
      return;
    }
    throw new S3Failure(
      "odd",
      `another cluster (${held.cluster}) holds ${lease} and renewed it ${seconds(held.ageMs)} ago: two clusters would overwrite each other's backups. When that cluster is gone, this one takes over within ${seconds(this.options.renewMs * intervalsToLive)}; to do it now: kubectl exec -n volsync-system deploy/pvc-plumber -- node /app/pvc-plumber.js takeover`
    );
  }
  /** The first look, while it is under way: questions wait a moment for it. */
  get firstLook() {
    return this.held.by === "nobody yet" ? this.running : void 0;
  }
  /** Takes the lease and keeps it. */
  start() {
    if (this.running !== void 0 || this.stopped) return;
    clearTimeout(this.timer);
    this.running = this.renew().finally(() => {
      this.running = void 0;
      if (this.stopped) return;
      this.timer = setTimeout(() => this.start(), this.held.by === "this cluster" ? this.options.renewMs : Math.min(retryMs, this.options.renewMs));
      this.timer.unref();
    });
  }
  /** Something changed, credentials for example: looks now, unless this cluster holds it. */
  nudge() {
    if (this.held.by !== "this cluster") this.start();
  }
  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.deadline?.abort();
  }
  /** Takes the lease whoever holds it. @returns who held it */
  async takeOver(signal) {
    const { client, cluster } = this.options;
    const before2 = await client.readObject(storeLeaseKey, signal);
    await client.write(storeLeaseKey, textOf2(cluster()), void 0, signal);
    return before2 === void 0 ? void 0 : holderOf(before2.text);
  }
  isOver(at) {
    return performance.now() - at > this.options.renewMs * intervalsToLive;
  }
  async renew() {
    const deadline = this.deadline = Deadline.in(this.options.budgetMs, this.options.store.endpoint);
    const before2 = this.held;
    try {
      this.held = await this.look(deadline.signal);
    } catch (error) {
      deadline.abort();
      if (before2.by === "nobody yet") this.held = { by: "nobody yet", why: error.message };
    } finally {
      deadline.clear();
    }
    this.tell(before2);
  }
  async look(signal) {
    const { client } = this.options;
    const cluster = this.options.cluster();
    const startedAt = performance.now();
    const found = await client.readObject(storeLeaseKey, signal);
    const holder = found === void 0 ? void 0 : holderOf(found.text);
    if (found !== void 0 && holder !== cluster && found.ageMs <= this.options.renewMs * intervalsToLive)
      return { by: "another cluster", cluster: holder ?? "unreadable", ageMs: found.ageMs };
    const written = await client.write(storeLeaseKey, textOf2(cluster), found ?? "absent", signal);
    if (!written || holder !== cluster) return this.confirm(cluster, signal);
    return { by: "this cluster", at: startedAt };
  }
  /** Somebody else wrote at the same moment, or might have. */
  async confirm(cluster, signal) {
    await pause(Math.min(confirmMs, this.options.budgetMs / 2), signal);
    const startedAt = performance.now();
    const found = await this.options.client.readObject(storeLeaseKey, signal);
    if (found === void 0) throw new S3Failure("odd", "it was written, and is not there");
    const holder = holderOf(found.text);
    return holder === cluster ? { by: "this cluster", at: startedAt } : { by: "another cluster", cluster: holder ?? "unreadable", ageMs: found.ageMs };
  }
  tell(before2) {
    const { held } = this;
    const { log } = this.options;
    if (held.by === before2.by) return;
    if (held.by === "another cluster")
      log.error("another cluster holds the lease of the store", { cluster: held.cluster, ageSeconds: Math.round(held.ageMs / 1e3) });
    else if (held.by === "this cluster") log.info("this cluster holds the lease of the store");
    else log.warn("the lease of the store could not be taken", { reason: held.why });
  }
};
function seconds(ms) {
  return `${Math.max(0, Math.round(ms / 1e3))} s`;
}
function textOf2(cluster) {
  return `${JSON.stringify({ cluster, renewedAt: (/* @__PURE__ */ new Date()).toISOString() })}
`;
}
function holderOf(text) {
  try {
    const { cluster } = JSON.parse(text);
    return typeof cluster === "string" && cluster !== "" ? cluster.slice(0, 100) : void 0;
  } catch {
    return void 0;
  }
}

// pvc-plumber/takeover.ts
async function takeOver(config) {
  const { clusterTokenFile: file, leaseRenewMs: renewMs } = config;
  if (file === void 0) throw new Error("CLUSTER_TOKEN_FILE: missing; run this in a Pod of pvc-plumber, where the tree sets it");
  return withStore(config, (client, store, signal) => {
    const lease = new Lease({ client, store, cluster: () => clusterIdentity(file), renewMs, budgetMs: patienceMs, log: new Log("error") });
    return lease.takeOver(signal);
  });
}

// pvc-plumber/repair/kubernetes.ts
var import_node_fs3 = require("node:fs");
var import_node_https = require("node:https");
var import_node_path2 = require("node:path");
var timeoutMs = 2e4;
var Kubernetes = class {
  constructor(address) {
    this.address = address;
  }
  address;
  agent = new import_node_https.Agent({ keepAlive: true, maxSockets: 8 });
  /** All objects of a kind, from the API server's cache. @param query further parameters, as in `labelSelector=backup` */
  async list(path, query = "") {
    return (await this.listed(path, query, "application/json")).items;
  }
  /** The same without spec and status. */
  async listMetadata(path) {
    return (await this.listed(path, "", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")).items;
  }
  /** Sets an annotation. */
  async annotate(path, key, value) {
    await this.send("PATCH", path, "application/json", { metadata: { annotations: { [key]: value } } });
  }
  close() {
    this.agent.destroy();
  }
  async listed(path, query, accept) {
    const body = JSON.parse(await this.send("GET", `${path}?resourceVersion=0${query === "" ? "" : `&${query}`}`, accept));
    if (!Array.isArray(body.items)) throw new Error(`the API server answers GET ${path} with something else than a list`);
    return { items: body.items };
  }
  /** @throws Error with status and words of the API server */
  send(method, path, accept, patch) {
    const { host, port, accountDir } = this.address;
    const body = patch === void 0 ? void 0 : JSON.stringify(patch);
    return new Promise((resolve, reject) => {
      const sent = (0, import_node_https.request)(
        {
          host,
          port,
          path,
          method,
          agent: this.agent,
          timeout: timeoutMs,
          // Both are read for each request: Kubernetes renews the token.
          ca: (0, import_node_fs3.readFileSync)((0, import_node_path2.join)(accountDir, "ca.crt")),
          headers: {
            accept,
            authorization: `Bearer ${(0, import_node_fs3.readFileSync)((0, import_node_path2.join)(accountDir, "token"), "utf8").trim()}`,
            ...body === void 0 ? {} : { "content-type": "application/merge-patch+json", "content-length": Buffer.byteLength(body) }
          }
        },
        (answer) => {
          const parts = [];
          answer.on("data", (part) => parts.push(part));
          answer.on("error", reject);
          answer.on("end", () => {
            const text = Buffer.concat(parts).toString("utf8");
            if (answer.statusCode === 200) resolve(text);
            else reject(new Error(`the API server answers ${method} ${path} with ${answer.statusCode}: ${text.slice(0, 300)}`));
          });
        }
      );
      sent.on("timeout", () => sent.destroy(new Error(`the API server does not answer ${method} ${path} within ${timeoutMs / 1e3} s`)));
      sent.on("error", reject);
      sent.end(body);
    });
  }
};

// lib/model/volsync-labels.ts
var madeByVolsync = { key: "app.kubernetes.io/created-by", value: "volsync" };

// lib/model/decision.ts
var settledDecisions = ["fresh", "restore", "skipped"];

// pvc-plumber/repair/incomplete.ts
var graceMs = 3e4;
var againMs = 45e3;
var populatorGraceMs = 6e4;
function missing(pvc, there, now) {
  if (askedJustNow(pvc, now)) return [];
  return wanted(pvc, now).flatMap(([kind, name]) => there[kind].has(`${pvc.metadata.namespace}/${name}`) ? [] : [resource(kind, name)]);
}
function foreign(pvc, there, now) {
  return wanted(pvc, now).flatMap(([kind, name]) => {
    const found = there[kind].get(`${pvc.metadata.namespace}/${name}`);
    if (found === void 0 || found.metadata.deletionTimestamp !== void 0 || isOf(pvc, found)) return [];
    return [{ resource: resource(kind, name), owner: ownerOf(found, pvc) }];
  });
}
function wanted(pvc, now) {
  const { metadata, spec } = pvc;
  const { namespace: namespace2, name, annotations = {} } = metadata;
  const decision = annotations[annotation.decision];
  if (metadata.deletionTimestamp !== void 0 || spec?.volumeMode === "Block") return [];
  if (decision !== void 0 && !settledDecisions.includes(decision)) return [];
  if (now - Date.parse(metadata.creationTimestamp) < graceMs) return [];
  const restore2 = restoreOf(pvc);
  return [
    ["externalSecrets", secretName({ namespace: namespace2, name })],
    ["replicationSources", sourceName({ namespace: namespace2, name })],
    ["kopiaMaintenances", maintenanceName({ namespace: namespace2, name })],
    ...restore2 === void 0 ? [] : [["replicationDestinations", restore2]]
  ];
}
function unusedImage(pvc, destinations, now) {
  if (pvc.metadata.deletionTimestamp !== void 0 || askedJustNow(pvc, now)) return void 0;
  const restore2 = restoreOf(pvc);
  const found = destinations.find(({ metadata }) => metadata.namespace === pvc.metadata.namespace && metadata.name === restore2);
  if (found === void 0 || !isOf(pvc, found)) return void 0;
  const { latestImage, lastSyncTime } = found.status ?? {};
  const ready = latestImage?.name !== void 0 && lastSyncTime !== void 0 && now - Date.parse(lastSyncTime) >= populatorGraceMs;
  return ready ? restore2 : void 0;
}
function restoreOf({ metadata: { namespace: namespace2, name, annotations }, spec, status }) {
  const source = spec?.dataSourceRef;
  const waits = annotations?.[annotation.decision] === "restore" && status?.phase !== "Bound" && source?.kind === "ReplicationDestination" && source.apiGroup === "volsync.backube" && source.name?.startsWith(restoreNamePrefix({ namespace: namespace2, name })) === true;
  return waits ? source.name : void 0;
}
function askedJustNow({ metadata: { annotations } }, now) {
  return now - Date.parse(annotations?.[annotation.repairRequestedAt] ?? "1970-01-01T00:00:00Z") < againMs;
}
function resource(kind, name) {
  return `${kind.toLowerCase()}/${name}`;
}
function isOf(pvc, { metadata }) {
  return metadata.ownerReferences?.some(({ uid }) => uid === pvc.metadata.uid) === true;
}
function ownerOf({ metadata: { ownerReferences = [] } }, pvc) {
  const shown2 = ownerReferences.map(
    ({ kind, name, uid }) => kind === "PersistentVolumeClaim" && name === pvc.metadata.name ? `${kind} ${name} of another uid (${uid})` : `${kind} ${name}`
  );
  return shown2.length === 0 ? "nobody" : shown2.join(", ");
}

// pvc-plumber/repair/obstacles.ts
var againMs2 = 36e5;
var Obstacles = class {
  constructor(log) {
    this.log = log;
  }
  log;
  said = /* @__PURE__ */ new Map();
  /** @param all that one look found; what is no longer among them is forgotten */
  say(all, now) {
    const { said } = this;
    this.said = /* @__PURE__ */ new Map();
    for (const { namespace: namespace2, pvc, resource: resource2, owner } of all) {
      const key = [namespace2, resource2, owner].join(" ");
      const last = said.get(key);
      const due = last === void 0 || now - last >= againMs2;
      this.said.set(key, due ? now : last);
      if (due) this.log.warn("the resource of a PVC can not be made: one of its name is not its own", { namespace: namespace2, pvc, resource: resource2, owner });
    }
  }
};

// pvc-plumber/repair/repair.ts
var atOnce = 8;
var mostFailures = 10;
var Repair = class {
  constructor(options) {
    this.options = options;
    this.obstacles = new Obstacles(options.log);
  }
  options;
  timer;
  stopped = false;
  failures = 0;
  obstacles;
  /** @param giveUp called when too many looks failed one after another */
  start(giveUp) {
    const again = () => {
      void this.look().then(
        () => this.failures = 0,
        (error) => {
          this.failures += 1;
          this.options.log.warn("could not look for PVCs that lack something", { error: error.message, failures: this.failures });
        }
      ).then(() => {
        if (this.stopped) return;
        if (this.failures >= mostFailures) giveUp();
        else this.timer = setTimeout(again, this.options.intervalMs);
      });
    };
    again();
  }
  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.options.kubernetes.close();
  }
  /** One look. @returns how many PVCs were asked for */
  async look() {
    const { kubernetes, log, labels, excludedNamespaces } = this.options;
    const metadata = async (path) => byName(await kubernetes.listMetadata(path));
    const volsync = "/apis/volsync.backube/v1alpha1";
    const [all, externalSecrets, replicationSources, kopiaMaintenances, destinations] = await Promise.all([
      kubernetes.list(
        "/api/v1/persistentvolumeclaims",
        `labelSelector=${encodeURIComponent(`${backupLabel} in (${labels.join(",")}),${madeByVolsync.key}!=${madeByVolsync.value}`)}`
      ),
      metadata("/apis/external-secrets.io/v1/externalsecrets"),
      metadata(`${volsync}/replicationsources`),
      metadata(`${volsync}/kopiamaintenances`),
      kubernetes.list(`${volsync}/replicationdestinations`)
    ]);
    const there = { externalSecrets, replicationSources, kopiaMaintenances, replicationDestinations: byName(destinations) };
    const now = Date.now();
    const pvcs = all.filter((pvc) => !excludedNamespaces.includes(pvc.metadata.namespace));
    this.obstacles.say(
      pvcs.flatMap((pvc) => foreign(pvc, there, now).map((each) => ({ namespace: pvc.metadata.namespace, pvc: pvc.metadata.name, ...each }))),
      now
    );
    const queue = pvcs.flatMap((pvc) => {
      const lacks = missing(pvc, there, now);
      if (lacks.length > 0) return [{ pvc, why: "asking Kyverno for what a PVC lacks", fields: { lacks: lacks.join(", ") } }];
      const restore2 = unusedImage(pvc, destinations, now);
      return restore2 === void 0 ? [] : [{ pvc, why: "asking VolSync to fill a PVC whose image is ready", fields: { restore: restore2 } }];
    });
    const { length } = queue;
    const work = async () => {
      for (let next = queue.shift(); next !== void 0; next = queue.shift()) {
        const { namespace: namespace2, name } = next.pvc.metadata;
        log.info(next.why, { namespace: namespace2, pvc: name, ...next.fields });
        await kubernetes.annotate(`/api/v1/namespaces/${namespace2}/persistentvolumeclaims/${name}`, annotation.repairRequestedAt, (/* @__PURE__ */ new Date()).toISOString()).catch((error) => log.warn("could not ask", { namespace: namespace2, pvc: name, error: error.message }));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return length;
  }
};
function byName(objects) {
  return new Map(objects.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each]));
}

// pvc-plumber/repair/command.ts
function readRepairSettings(env) {
  const list = (name) => (env[name] ?? "").split(",").filter((each) => each !== "");
  const interval = env["INTERVAL_MS"] ?? "30000";
  const problems = [
    ...list("TIERS").length === 0 ? ["TIERS: missing; it is the list of the labels of the tiers, with commas"] : [],
    .../^\d{4,6}$/.test(interval) && Number(interval) <= 6e5 ? [] : [`INTERVAL_MS: "${interval}" is not a whole number from 1000 to 600000`],
    ...["KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"].filter((name) => (env[name] ?? "") === "").map((name) => `${name}: missing; Kubernetes sets it in every Pod, so run this in one`)
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    labels: list("TIERS"),
    excludedNamespaces: list("EXCLUDED_NAMESPACES"),
    intervalMs: Number(interval),
    host: env["KUBERNETES_SERVICE_HOST"] ?? "",
    port: env["KUBERNETES_SERVICE_PORT"] ?? "",
    accountDir: env["SERVICE_ACCOUNT_DIR"] ?? "/var/run/secrets/kubernetes.io/serviceaccount"
  };
}
function repairUntilSignal(env) {
  const { host, port, accountDir, ...settings2 } = readRepairSettings(env);
  const log = new Log("info");
  const repair = new Repair({ ...settings2, log, kubernetes: new Kubernetes({ host, port, accountDir }) });
  const end = (code) => {
    repair.stop();
    log.flush();
    process.exit(code);
  };
  process.on("SIGTERM", () => end(0));
  process.on("SIGINT", () => end(0));
  log.info("looking for PVCs that lack something", { tiers: settings2.labels.join(","), intervalMs: settings2.intervalMs });
  repair.start(() => {
    log.error("the API server can not be read: ending, so that Kubernetes starts this anew");
    end(1);
  });
}

// pvc-plumber/serve.ts
var import_promises2 = require("node:timers/promises");

// pvc-plumber/plumber.ts
var import_promises = require("node:timers/promises");

// pvc-plumber/answer-cache.ts
var capacity = 1e5;
var BackupCache = class {
  /** @param youngMs how long a entry is young, in milliseconds */
  constructor(youngMs) {
    this.youngMs = youngMs;
  }
  youngMs;
  entries = /* @__PURE__ */ new Map();
  get size() {
    return this.entries.size;
  }
  recall(pvc) {
    const key = storePrefix(pvc);
    const entry = this.entries.get(key);
    if (entry === void 0) return void 0;
    const now = performance.now();
    if (entry.until > now) return { keyCount: entry.keyCount, reason: entry.reason, isYoung: now - entry.at < this.youngMs };
    this.entries.delete(key);
    return void 0;
  }
  /** @param ttlMs in milliseconds; 0 remembers nothing. Of two entries the longer life counts. */
  remember(pvc, ttlMs, keyCount, reason) {
    const key = storePrefix(pvc);
    const at = performance.now();
    if (ttlMs <= 0) return;
    const until = Math.max(at + ttlMs, this.entries.get(key)?.until ?? 0);
    this.entries.delete(key);
    this.entries.set(key, { keyCount, reason, at, until });
    if (this.entries.size <= capacity) return;
    const [oldest] = this.entries.keys();
    if (oldest !== void 0) this.entries.delete(oldest);
  }
  /**
   * Takes over what a look-up has just found. A backup that is not there any more is forgotten, also where a listing that began earlier has seen it in the
   * meantime: the next question would be answered with a restore that ends empty.
   *
   * @param ttlMs how long a `restore` may be repeated, in milliseconds
   */
  learn(pvc, finding, ttlMs) {
    if (finding.decision === "restore") this.remember(pvc, ttlMs, finding.keyCount, finding.reason);
    else this.entries.delete(storePrefix(pvc));
  }
  /** It was seen again. How long it is remembered stays: what was looked at is less than what was seen first. */
  confirm(pvc) {
    const key = storePrefix(pvc);
    const entry = this.entries.get(key);
    if (entry !== void 0) this.entries.set(key, { ...entry, at: performance.now() });
  }
  clear() {
    this.entries.clear();
  }
};

// pvc-plumber/burst.ts
var http2 = __toESM(require("node:http"));
var delayMs = 250;
var mostLines = 1e3;
var MetricsBuffer = class {
  constructor(metrics, log) {
    this.metrics = metrics;
    this.log = log;
  }
  metrics;
  log;
  entries = [];
  unlogged = 0;
  /** @param ms how long the answer took, in milliseconds */
  note(answer, source, ms) {
    if (this.entries.length === 0) setTimeout(() => this.flush(), delayMs).unref();
    if (this.entries.length < mostLines) {
      this.entries.push({ answer, source, ms });
      return;
    }
    this.unlogged += 1;
    this.metrics.answer(answer.decision, source, ms / 1e3);
  }
  /** Writes what waits; has to be called before the metrics are read, and before the process ends. */
  flush() {
    const { entries, unlogged } = this;
    this.entries = [];
    this.unlogged = 0;
    for (const { answer, source, ms } of entries) {
      this.metrics.answer(answer.decision, source, ms / 1e3);
      this.log[answer.decision === "unknown" ? "warn" : "info"]("answered", { ...answer, error: void 0, source, ms: Math.round(ms) });
    }
    if (unlogged > 0) this.log.warn("more answers than are logged", { answers: unlogged });
  }
};
var answers = 8e3;
var connections = 64;
async function warmJit(port, log) {
  const started = performance.now();
  const agent = new http2.Agent({ keepAlive: true, maxSockets: connections });
  try {
    await Promise.all(
      Array.from({ length: connections }, async () => {
        for (let i = 0; i < answers / connections; i += 1) await health(port, agent);
      })
    );
    log.info("the code of an answer is compiled", { answers, seconds: Math.round(performance.now() - started) / 1e3 });
  } catch (error) {
    log.debug("warming the JIT compiler failed", { reason: error.message });
  } finally {
    agent.destroy();
  }
}
function health(port, agent) {
  return new Promise((resolve, reject) => {
    const request4 = http2.get({ host: "127.0.0.1", port, path: "/healthz", agent }, (response) => void response.resume().on("end", resolve));
    request4.on("error", reject);
  });
}

// pvc-plumber/clearest-failure.ts
var betterWordsMs = 30;
async function allOrClearestFailure(requests2) {
  try {
    return await Promise.all(requests2);
  } catch (first) {
    if (!(first instanceof S3Failure) || !first.vague) throw first;
    const clear = requests2.map(
      (request4) => Promise.resolve(request4).then(
        never,
        (error) => error instanceof S3Failure && error.vague ? never() : Promise.reject(error)
      )
    );
    const timeUp = new Promise((_resolve, reject) => void setTimeout(() => reject(first), betterWordsMs));
    return await Promise.race([...clear, timeUp]);
  }
}
function never() {
  return new Promise(() => void 0);
}

// pvc-plumber/kopia-layout.ts
var kopia = {
  /** The blob without which no repository can be opened. The data sorts so near behind it that one page shows both. */
  repositoryBlob: "kopia.repository",
  /** Every blob that starts so is backed-up data, and nothing else starts so. */
  dataPrefix: "p"
};
function isData(blob) {
  return blob.startsWith(kopia.dataPrefix);
}
function isBehindData(blob) {
  return blob > kopia.dataPrefix && !blob.startsWith(kopia.dataPrefix);
}
function isWrittenByBackups(blob) {
  return blob.startsWith("q");
}
function isMetadata(blob) {
  return /^(kopia\.|[qxnmls_])[^/]*$/.test(blob);
}
function before(text) {
  return `${text.slice(0, -1)}${String.fromCharCode(text.charCodeAt(text.length - 1) - 1)}~`;
}

// pvc-plumber/judgement.ts
function packsOf({ keys }, prefix) {
  return keys.filter((key) => isData(key.slice(prefix.length))).length;
}
function backupOnPage(page, prefix) {
  const packs = packsOf(page, prefix);
  return packs > 0 && page.keys.includes(`${prefix}${kopia.repositoryBlob}`) ? restore(packs, prefix) : void 0;
}
function showsNoData(page, prefix) {
  return packsOf(page, prefix) === 0 && (!page.truncated || isBehindData(page.keys.at(-1)?.slice(prefix.length) ?? ""));
}
function backupOrNone(seen, prefix) {
  const packs = packsOf(seen.first, prefix);
  if (packs === 0) return seen;
  if (!seen.hasRepository) throw odd2(`data of a backup in ${prefix}, but no ${kopia.repositoryBlob}: the repository is damaged`);
  return restore(packs, prefix);
}
function restore(packs, prefix) {
  return { decision: "restore", keyCount: packs + 1, reason: `a kopia repository with data in ${prefix}` };
}
function fresh(blobs, prefix) {
  const reason = blobs.length === 0 ? `nothing in ${prefix}` : `a kopia repository in ${prefix} that holds no data`;
  return { decision: "fresh", keyCount: blobs.length, reason };
}
function checkAbsence(seen, all, prefix) {
  agree(all.blobs, seen, prefix);
  if (wroteBackups(all.times.filter((_time, i) => isWrittenByBackups(all.blobs[i] ?? "")))) {
    throw odd2(
      `a kopia repository in ${prefix} that backups wrote to, but none of their data: it was lost, or they held folders only. Look with "kopia snapshot list", or remove ${prefix} when nothing is needed`
    );
  }
}
function checkRepetition(again, before2, prefix) {
  if ("decision" in again) throw contradiction(`a backup in ${prefix} is there, and was not there a moment before`);
  if (again.length === 0 !== (before2.length === 0)) throw contradiction(`a repository in ${prefix} is there at one moment and not at another`);
}
function checkVersions(kept, where) {
  if (kept !== void 0 && kept.length > 0)
    throw odd2(
      `${where} holds nothing, but the store keeps older versions of what was deleted there (${JSON.stringify(kept[0]?.slice(0, 200))}): bring them back, or remove them for good when nothing is needed`
    );
}
var runMs = 12 * 36e5;
function wroteBackups(times) {
  const sorted = times.some(Number.isNaN) ? times.map(() => 0) : times.toSorted((a, b) => a - b);
  let [start = 0] = sorted;
  let [count, most2] = [0, 3];
  for (const time of sorted) {
    if (time - start > runMs) [start, count, most2] = [time, 0, 2];
    count += 1;
    if (count > most2) return true;
  }
  return false;
}
function agree(blobs, { hasRepository, first }, prefix) {
  const listed = blobs.includes(kopia.repositoryBlob);
  if (listed !== hasRepository) {
    const [yes, no] = listed ? ["the list", "HEAD"] : ["HEAD", "the list"];
    throw contradiction(`${yes} shows ${prefix}${kopia.repositoryBlob} and ${no} does not`);
  }
  if (blobs.some((blob) => isData(blob))) throw contradiction(`one list shows data in ${prefix} and another does not`);
  if (first.keys.some((key) => !blobs.includes(key.slice(prefix.length)))) throw contradiction(`two lists of ${prefix} differ`);
  if (!hasRepository && blobs.length > 0)
    throw odd2(`objects in ${prefix}, but no ${kopia.repositoryBlob}: the repository is damaged, or something else writes there`);
  if (hasRepository && !blobs.some((blob) => isBehindData(blob))) {
    throw odd2(`the list of ${prefix} ends before the place where data would be: it is cut off, or the repository was never finished`);
  }
  const foreign2 = blobs.find((blob) => !isMetadata(blob));
  if (foreign2 !== void 0) throw odd2(`an object in ${prefix} that is not kopia's (${JSON.stringify(foreign2.slice(0, 80))})`);
}
function trust({ doubt }, prefix) {
  if (doubt !== void 0) throw odd2(`the S3 server answered for ${prefix} with ${doubt}`);
}
var Contradiction = class extends S3Failure {
};
function contradiction(what) {
  return new Contradiction("odd", `${what}: the S3 server contradicts itself, or several servers answer under its address`);
}
function odd2(what) {
  return new S3Failure("odd", what);
}

// pvc-plumber/evidence.ts
var firstPage = 3;
var fullPage = 1e3;
var maxPages = 5;
async function findEvidence(pvc, sources, signal) {
  const { store, anew, proof } = sources;
  const prefix = `${storePrefix(pvc)}/`;
  const [first] = await allOrClearestFailure([look(prefix, store, anew, signal), proof.recent(signal)]);
  if ("decision" in first) return first;
  try {
    return fresh(await proveAbsence(first, prefix, sources, signal), prefix);
  } catch (error) {
    if (error instanceof Contradiction) sources.agreement.contradicted();
    throw error;
  }
}
async function isStillThere(pvc, { store, proof }, signal) {
  const [there] = await allOrClearestFailure([store.has(`${storePrefix(pvc)}/${kopia.repositoryBlob}`, signal), proof.recent(signal)]);
  return there;
}
async function look(prefix, store, anew, signal) {
  const page = await store.list({ prefix, maxKeys: firstPage, startAfter: `${prefix}${before(kopia.repositoryBlob)}` }, signal);
  const backup = backupOnPage(page, prefix);
  if (backup !== void 0) return backup;
  const [hasRepository, first] = await allOrClearestFailure([
    anew.has(`${prefix}${kopia.repositoryBlob}`, signal),
    showsNoData(page, prefix) ? page : anew.list({ prefix: `${prefix}${kopia.dataPrefix}`, maxKeys: firstPage }, signal)
  ]);
  return backupOrNone({ hasRepository, first }, prefix);
}
async function proveAbsence(first, prefix, sources, signal) {
  const { store, anew, proof, agreement } = sources;
  const found = await absence(first, prefix, anew, signal);
  await proof.begunAfterNow(signal);
  await agreement.wait(signal);
  const again = Array.from({ length: agreement.repeats() }, async () => {
    const seen = await look(prefix, anew, anew, signal);
    checkRepetition("decision" in seen ? seen : await absence(seen, prefix, anew, signal), found, prefix);
  });
  await allOrClearestFailure(again);
  await proof.begunAfterNow(signal);
  const where = found.length === 0 ? prefix : `${prefix}${kopia.dataPrefix}`;
  checkVersions(await store.versions(where, signal), where);
  return found;
}
async function absence(seen, prefix, store, signal) {
  trust(seen.first, prefix);
  const all = await listAll(prefix, store, signal);
  checkAbsence(seen, all, prefix);
  return all.blobs;
}
async function listAll(prefix, store, signal) {
  const keys = [];
  const times = [];
  for (let page = 0; page < maxPages; page += 1) {
    const startAfter = keys.at(-1);
    const listing = await store.list({ prefix, maxKeys: fullPage, details: true, startAfter }, signal);
    trust(listing, prefix);
    const [first] = listing.keys;
    if (startAfter !== void 0 && first !== void 0 && first <= startAfter)
      throw odd2(`a list of ${prefix} that does not go on where it stopped`);
    keys.push(...listing.keys);
    times.push(...listing.times ?? listing.keys.map(() => Number.NaN));
    if (!listing.truncated) return { blobs: keys.map((key) => key.slice(prefix.length)), times };
  }
  throw odd2(`more than ${maxPages * fullPage} objects in ${prefix}, none of them data: too many to be sure`);
}

// pvc-plumber/lookups.ts
var most = { all: 2e3, client: 1e3, namespace: 500 };
var Lookups = class {
  inFlight = /* @__PURE__ */ new Map();
  /** How many of them, for each client and each namespace of a client. */
  underway = /* @__PURE__ */ new Map();
  /** The look-up of a PVC that somebody else asked for a moment ago. */
  of(pvc) {
    return this.inFlight.get(storePrefix(pvc));
  }
  /** Starts one. @returns what it finds; rejects with an S3Failure where there are too many */
  start(pvc, client, look2) {
    const counted = [client, `${client} ${pvc.namespace}`];
    const [ofClient, ofNamespace] = counted.map((each) => this.underway.get(each) ?? 0);
    if (this.inFlight.size >= most.all || ofClient >= most.client || ofNamespace >= most.namespace)
      return Promise.reject(new S3Failure("timeout", "too many questions at the same moment: ask again"));
    for (const each of counted) this.underway.set(each, (this.underway.get(each) ?? 0) + 1);
    const key = storePrefix(pvc);
    const lookup = look2().finally(() => {
      this.inFlight.delete(key);
      for (const each of counted) this.end(each);
    });
    this.inFlight.set(key, lookup);
    return lookup;
  }
  end(counted) {
    const left = (this.underway.get(counted) ?? 1) - 1;
    if (left > 0) this.underway.set(counted, left);
    else this.underway.delete(counted);
  }
};

// pvc-plumber/metrics.ts
var import_prom_client = __toESM(require_prom_client());
var backend = "kopia";
var seconds2 = [5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3];
var Metrics = class {
  registry = new import_prom_client.Registry();
  registers = [this.registry];
  /** Requests since the last scrape, by route and status: labels are looked up once a scrape, not once an answer. */
  answered = /* @__PURE__ */ new Map();
  errors = new import_prom_client.Counter({
    name: "pvc_plumber_requests_errors_total",
    help: "Questions answered with 5xx.",
    registers: this.registers
  });
  checks = new import_prom_client.Counter({
    name: "pvc_plumber_backup_check_total",
    help: "Answers by decision and by where they came from.",
    labelNames: ["backend", "decision", "source"],
    registers: this.registers
  });
  answerSeconds = new import_prom_client.Histogram({
    name: "pvc_plumber_answer_seconds",
    help: "Time to the whole answer.",
    labelNames: ["decision"],
    buckets: seconds2,
    registers: this.registers
  });
  s3Requests = new import_prom_client.Counter({
    name: "pvc_plumber_s3_requests_total",
    help: "Requests to S3 by operation and outcome: the status, or the kind of failure.",
    labelNames: ["operation", "outcome"],
    registers: this.registers
  });
  s3Seconds = new import_prom_client.Histogram({
    name: "pvc_plumber_s3_request_seconds",
    help: "Time of one request to S3, without the wait in the queue.",
    labelNames: ["operation"],
    buckets: seconds2,
    registers: this.registers
  });
  constructor(sources) {
    (0, import_prom_client.collectDefaultMetrics)({ register: this.registry });
    const { answered } = this;
    new import_prom_client.Counter({
      name: "pvc_plumber_requests_total",
      help: "HTTP requests.",
      labelNames: ["route", "code"],
      registers: this.registers,
      collect() {
        for (const { route, code, count } of answered.values()) this.inc({ route, code }, count);
        answered.clear();
      }
    });
    this.gauge("pvc_plumber_s3_requests_in_flight", "Requests to S3 that run now.", sources.s3InFlight);
    this.gauge("pvc_plumber_s3_requests_queued", "Requests to S3 that wait for room.", sources.s3Queued);
    this.gauge(
      "pvc_plumber_store_reachable",
      "Whether the S3 store answers and is the right one: 1, 0, or NaN before the first check.",
      () => Number(sources.storeReachable() ?? Number.NaN)
    );
    this.gauge(
      "pvc_plumber_store_agrees",
      "Whether all connections lead to the same store: 1, 0, or NaN before the first look.",
      () => Number(sources.storeAgrees() ?? Number.NaN)
    );
    this.gauge(
      "pvc_plumber_store_lease",
      "Whether this cluster holds the lease of the store: 1, 0, or NaN while nobody knows.",
      () => Number(sources.storeIsOurs() ?? Number.NaN)
    );
    this.gauge(
      "pvc_plumber_scan_timestamp_seconds",
      "When the last complete scan of the store began; 0 before the first one.",
      () => Math.floor((sources.lastScan()?.startedAt ?? 0) / 1e3)
    );
    this.gauge(
      "pvc_plumber_scan_duration_seconds",
      "How long the last complete scan of the store took; NaN before the first one.",
      () => sources.lastScan()?.seconds ?? Number.NaN
    );
    this.gauge("pvc_plumber_backups_remembered", "PVCs whose backup was seen a short while ago.", sources.remembered);
    this.errors.inc(0);
    for (const decision of ["restore", "fresh", "unknown"]) this.checks.inc({ backend, decision, source: "lookup" }, 0);
    this.checks.inc({ backend, decision: "unknown", source: "none" }, 0);
  }
  request(route, code) {
    const key = `${route} ${code}`;
    const known = this.answered.get(key);
    if (known === void 0) this.answered.set(key, { route, code, count: 1 });
    else known.count += 1;
  }
  answer(decision, source, duration) {
    this.checks.inc({ backend, decision, source });
    this.answerSeconds.observe({ decision }, duration);
    if (decision === "unknown") this.errors.inc();
  }
  s3(operation, outcome, duration) {
    this.s3Requests.inc({ operation, outcome });
    this.s3Seconds.observe({ operation }, duration);
  }
  gauge(name, help2, read) {
    new import_prom_client.Gauge({
      name,
      help: help2,
      registers: this.registers,
      collect() {
        this.set(read());
      }
    });
  }
};

// pvc-plumber/agreement.ts
var repeats = { agreed: 2, unknown: 5, contradicted: 7 };
var doubtMs = 6e5;
var samples = 10;
var needed = { atFirst: 2, afterSeveral: 5 };
var retryMs2 = 2e3;
var intervalMs = 3e4;
var pauseMs = 100;
function waitABit(signal) {
  return pause(pauseMs * (0.75 + Math.random() / 2), signal);
}
var Agreement = class {
  constructor(options) {
    this.options = options;
  }
  options;
  /** Whether the last look found one store; undefined before the first one. */
  agreed;
  doubtfulUntil = 0;
  probeAt = 0;
  running = false;
  inARow = 0;
  stillNeeded = needed.atFirst;
  timer;
  /**
   * How often an absence has to be told again, each time over connections of its own.
   *
   * @throws S3Failure while the last look found different stores: there no repetition proves anything
   */
  repeats() {
    if (this.agreed === false)
      throw new S3Failure("odd", `${samples} connections to ${this.options.endpoint} found different stores: one address has to lead to one store`);
    if (performance.now() < this.doubtfulUntil) return repeats.contradicted;
    return this.agreed === true ? repeats.agreed : repeats.unknown;
  }
  /** Waits a little before absence is asked for again. @throws the signal's reason */
  wait(signal) {
    return waitABit(signal);
  }
  /** Two answers did not fit. */
  contradicted() {
    this.doubtfulUntil = performance.now() + doubtMs;
  }
  /** Looks also while nobody asks. */
  start() {
    this.nudge();
    this.timer = setInterval(() => this.nudge(), retryMs2);
    this.timer.unref();
  }
  stop() {
    this.probeAt = Number.POSITIVE_INFINITY;
    clearInterval(this.timer);
  }
  /** Looks whether all servers behind the address show the same, unless that was done a moment ago. Called with every question. */
  nudge() {
    if (this.running || performance.now() < this.probeAt) return;
    this.running = true;
    void this.probe().finally(() => {
      this.running = false;
      this.probeAt = performance.now() + (this.agreed === true ? intervalMs : retryMs2);
    });
  }
  /** Other credentials, or another store. */
  reset() {
    this.note(void 0);
    this.stillNeeded = needed.atFirst;
    this.probeAt = 0;
  }
  /** @param one whether a probe found one store; undefined when it found out nothing */
  note(one) {
    this.inARow = one === true ? this.inARow + 1 : 0;
    if (one === false) {
      this.stillNeeded = needed.afterSeveral;
      this.agreed = false;
    } else if (this.inARow >= this.stillNeeded) {
      this.stillNeeded = needed.atFirst;
      this.agreed = true;
    } else if (this.agreed === true && one === void 0) {
      this.agreed = void 0;
    }
  }
  async probe() {
    const { anew, marked, budgetMs, endpoint } = this.options;
    const deadline = Deadline.in(budgetMs, endpoint);
    const { signal } = deadline;
    try {
      const seen = await Promise.all(
        Array.from({ length: samples }, async () => {
          const [root, marker] = await Promise.all([anew.list({ prefix: "", maxKeys: 10 }, signal), marked && anew.read(storeMarkerKey, signal)]);
          return JSON.stringify([root.keys.filter((key) => key !== storeLeaseKey), marker ?? ""]);
        })
      );
      this.note(new Set(seen).size === 1);
    } catch {
      deadline.abort();
      this.note(void 0);
    } finally {
      deadline.clear();
    }
  }
};

// pvc-plumber/previous-stores.ts
var always = { repeats: () => 1, wait: waitABit, contradicted: () => void 0 };
var requests = 16;
var PreviousStores = class {
  stores;
  /** @param shared what all stores of the service have in common */
  constructor({ previous, storeCheckMs }, shared, budgetMs) {
    this.stores = previous.map((store) => {
      const transport = new Transport(store, requests, () => void 0);
      const reader = new S3Client({ ...shared, store, transport, limit: new RequestLimit(requests) });
      const proof = new StoreProof({ reader, store, storeId: void 0, maxAgeMs: storeCheckMs, budgetMs });
      return { store, sources: { store: reader, anew: reader.anew(), proof, agreement: always }, transport };
    });
  }
  /**
   * Resolves when it is proven that none of them has a backup of a PVC.
   *
   * @throws S3Failure where one has, or can't be asked; it says what to do
   */
  async haveNone(pvc, signal) {
    await Promise.all(this.stores.map((each) => this.hasNone(pvc, each, signal)));
  }
  close() {
    for (const { transport } of this.stores) transport.close();
  }
  async hasNone(pvc, { store, sources }, signal) {
    const name = `${store.endpoint}, bucket ${store.bucket}`;
    const finding = await findEvidence(pvc, sources, signal).catch((error) => {
      if (!(error instanceof S3Failure)) throw error;
      throw new S3Failure(
        error.kind,
        `the store that the site used before (${name}) can't be asked: ${error.message}. Bring it back, or take it out of s3.previous in main.ts when nothing is needed from it`
      );
    });
    if (finding.decision === "restore") {
      throw new S3Failure(
        "odd",
        `its backup is still in the store that the site used before (${name}): copy the objects below ${pvc.namespace}/${pvc.name}/ to the new store, or take the old one out of s3.previous in main.ts to begin anew`
      );
    }
  }
};

// pvc-plumber/store-watch.ts
var StoreWatch = class {
  constructor(options) {
    this.options = options;
  }
  options;
  /** Whether the last check succeeded; undefined before the first one has ended. */
  reachable;
  timer;
  /** The first check comes after one interval: at the start the credentials may not be there yet. */
  start() {
    this.timer = setInterval(() => void this.check(), this.options.intervalMs);
    this.timer.unref();
  }
  stop() {
    clearInterval(this.timer);
  }
  async check() {
    const deadline = Deadline.in(this.options.budgetMs, this.options.endpoint);
    try {
      await this.options.proof.begunAfterNow(deadline.signal);
      this.reachable = true;
    } catch {
      this.reachable = false;
    } finally {
      deadline.clear();
    }
  }
};

// pvc-plumber/scan.ts
var pageSize = 500;
async function scanBucket(reader, found, signal) {
  let startAfter;
  let current = noRepository;
  for (let pages = 1; ; pages += 1) {
    const { keys, truncated } = await reader.list({ prefix: "", maxKeys: pageSize, startAfter }, signal);
    const last = keys.at(-1);
    const [first] = keys;
    if (startAfter !== void 0 && first !== void 0 && first <= startAfter)
      throw new S3Failure("odd", "the listing of the bucket does not go on where it stopped");
    for (const key of keys) {
      const { pvc, blob } = split(key);
      if (pvc === void 0) continue;
      const prefix = storePrefix(pvc);
      if (prefix !== current.prefix) current = { prefix, repository: false, data: false };
      const complete = current.repository && current.data;
      if (blob === kopia.repositoryBlob) current = { ...current, repository: true };
      else if (!current.data && isData(blob)) current = { ...current, data: true };
      if (!complete && current.repository && current.data) found(pvc);
    }
    if (!truncated || last === void 0) return pages;
    startAfter = nextStart(last, current);
  }
}
var noRepository = { prefix: "", repository: false, data: false };
function nextStart(last, { repository, data }) {
  const { pvc, blob } = split(last);
  if (pvc === void 0) return last;
  const prefix = storePrefix(pvc);
  const behind = `${prefix}0`;
  if (!repository && blob < kopia.repositoryBlob) return later(last, `${prefix}/${before(kopia.repositoryBlob)}`);
  if (!repository || data || isBehindData(blob)) return behind;
  return later(last, `${prefix}/${before(kopia.dataPrefix)}`);
}
function later(a, b) {
  return a > b ? a : b;
}
function split(key) {
  const [namespace2 = "", name = "", ...rest] = key.split("/");
  const pvc = rest.length > 0 && isDnsLabel(namespace2) && isDnsSubdomain(name) ? { namespace: namespace2, name } : void 0;
  return { pvc, blob: rest.join("/") };
}

// pvc-plumber/usage.ts
var pageSize2 = 500;
var mostPvcs = 1e4;
async function measureBucket({ reader, expected, pause: pause2 }, signal) {
  const all = /* @__PURE__ */ new Map();
  const missing2 = new Set(expected);
  let startAfter;
  for (; ; ) {
    const started = performance.now();
    const page = await reader.list({ prefix: "", maxKeys: pageSize2, details: true, startAfter }, signal);
    trust(page, "the whole bucket");
    const [first] = page.keys;
    if (startAfter !== void 0 && first !== void 0 && first <= startAfter)
      throw new S3Failure("odd", "the list of the bucket does not go on where it stopped");
    page.keys.forEach((key2, i) => {
      missing2.delete(key2);
      add(all, key2, page.sizes?.[i] ?? Number.NaN, page.times?.[i] ?? Number.NaN);
    });
    startAfter = page.keys.at(-1);
    if (!page.truncated || startAfter === void 0) break;
    await pause2(performance.now() - started);
  }
  const [key] = missing2;
  if (key !== void 0) throw new S3Failure("odd", `the list of the bucket does not show ${key}, which is there: it is not complete`);
  return all;
}
function add(all, key, size, time) {
  const { pvc, blob } = split(key);
  if (pvc === void 0) return;
  const path = storePrefix(pvc);
  let usage = all.get(path);
  if (usage === void 0) {
    if (all.size >= mostPvcs) throw new S3Failure("odd", `the bucket holds more than ${mostPvcs} folders like namespace/pvc/: it can't be measured`);
    usage = { ...pvc, objects: 0, bytes: 0, dataBytes: 0, newestPack: 0, hasRepository: false, hasData: false };
    all.set(path, usage);
  }
  const bytes = Number.isNaN(size) ? 0 : size;
  const data = isData(blob);
  usage.objects += 1;
  usage.bytes += bytes;
  if (data) {
    usage.dataBytes += bytes;
    usage.hasData = true;
  }
  if ((data || isWrittenByBackups(blob)) && time > usage.newestPack) usage.newestPack = time;
  if (blob === kopia.repositoryBlob) usage.hasRepository = true;
}

// pvc-plumber/usage-metrics.ts
var families = [
  { name: "bytes", help: "Size of what the store holds of a PVC.", value: ({ bytes }) => bytes },
  { name: "data_bytes", help: "Size of the packs of file data among it.", value: ({ dataBytes }) => dataBytes },
  { name: "objects", help: "Objects that the store holds of a PVC.", value: ({ objects }) => objects },
  {
    name: "newest_object_timestamp_seconds",
    help: "When the newest pack of a PVC was written. Every backup writes one.",
    value: ({ newestPack }) => newestPack === 0 ? void 0 : Math.floor(newestPack / 1e3)
  },
  {
    name: "restorable",
    help: "Whether the store holds a repository with file data of a PVC, so that it would be restored: 1 or 0.",
    value: ({ hasRepository, hasData }) => Number(hasRepository && hasData)
  }
];
function usageText(usages) {
  const all = [...usages];
  const parts = families.map(({ name, help: help2, value }) => {
    const metric = `pvc_plumber_backup_${name}`;
    const lines = all.flatMap((usage) => {
      const shown2 = value(usage);
      return shown2 === void 0 ? [] : [`${metric}{namespace="${usage.namespace}",persistentvolumeclaim="${usage.name}"} ${shown2}
`];
    });
    return Buffer.from(`# HELP ${metric} ${help2}
# TYPE ${metric} gauge
${lines.join("")}`);
  });
  return Buffer.concat(parts);
}

// pvc-plumber/usage-scan.ts
var firstMs = 3e4;
var retryMs3 = 6e4;
var longestMs = 3 * 36e5;
var longestPageMs = 3e4;
var pauseMs2 = 20;
var busyPauseMs = 250;
var UsageScan = class {
  constructor(options) {
    this.options = options;
  }
  options;
  last;
  timer;
  deadline;
  complaint = "";
  stopped = false;
  start() {
    const { intervalMs: intervalMs2 } = this.options;
    if (intervalMs2 > 0) this.next(Math.min(firstMs, intervalMs2));
  }
  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.deadline?.abort();
  }
  next(ms) {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.scan(), ms).unref();
  }
  async scan() {
    const { expected, busy, log, intervalMs: intervalMs2 } = this.options;
    const deadline = this.deadline = Deadline.in(longestMs, "the scan of the store");
    const [startedAt, began] = [Date.now(), performance.now()];
    const since = () => performance.now() - began;
    try {
      const usages = await measureBucket(
        {
          reader: { list: (query) => this.page(query, deadline.signal) },
          expected: expected(),
          pause: (pageMs) => pause(busy() ? busyPauseMs : Math.max(pauseMs2, 4 * pageMs), deadline.signal)
        },
        deadline.signal
      );
      this.last = { startedAt, seconds: since() / 1e3, text: usageText(usages.values()) };
      this.complaint = "";
      log.info("the store was scanned", { pvcs: usages.size, seconds: Math.round(since()) / 1e3 });
      this.next(Math.max(0, intervalMs2 - since()));
    } catch (error) {
      const reason = error.message;
      if (reason !== this.complaint && !this.stopped)
        log.warn("the store could not be scanned; the sizes of backups are those of the last scan", { reason });
      this.complaint = reason;
      this.next(Math.min(retryMs3, intervalMs2));
    } finally {
      deadline.clear();
    }
  }
  /** @param whole of the scan */
  async page(query, whole) {
    const deadline = Deadline.in(longestPageMs, "the store about one page");
    const stop = () => deadline.abort();
    whole.addEventListener("abort", stop, { once: true });
    try {
      return await this.options.reader.list(query, deadline.signal);
    } finally {
      whole.removeEventListener("abort", stop);
      deadline.clear();
    }
  }
};

// pvc-plumber/open-store.ts
var proofRequests = 8;
var probeRequests = 4;
var scanRequests = 1;
var storeWatchMs = 3e4;
function lookupMsOf({ budgetMs }) {
  return budgetMs - Math.min(100, budgetMs / 10);
}
var OpenStore = class {
  credentials;
  reader;
  agreement;
  proof;
  watch;
  previous;
  lease;
  usage;
  limit;
  transport;
  /** @param onNewCredentials called when other credentials came, or they came or went */
  constructor(config, log, observe, onNewCredentials) {
    const { endpoint, bucket, region, maxS3Requests, storeId, clusterTokenFile } = config;
    const store = { endpoint, bucket };
    const budgetMs = lookupMsOf(config);
    this.limit = new RequestLimit(maxS3Requests);
    this.credentials = new CredentialsDirectory(config.credentialsDir, store, onNewCredentials);
    this.transport = new Transport(store, maxS3Requests + proofRequests + probeRequests + scanRequests, () => this.proof.invalidate());
    const shared = { store, region, credentials: () => this.credentials.read(), transport: this.transport, observe };
    this.reader = new S3Client({ ...shared, limit: this.limit });
    const proofReader = new S3Client({ ...shared, limit: new RequestLimit(proofRequests) });
    this.proof = new StoreProof({ reader: proofReader, store, storeId, maxAgeMs: config.storeCheckMs, budgetMs });
    const anew = new S3Client({ ...shared, limit: new RequestLimit(probeRequests), anew: true });
    this.agreement = new Agreement({ anew, marked: storeId !== void 0, budgetMs, endpoint });
    this.previous = new PreviousStores(config, shared, budgetMs);
    this.watch = new StoreWatch({ proof: this.proof, intervalMs: storeWatchMs, budgetMs, endpoint });
    this.lease = clusterTokenFile === void 0 ? void 0 : new Lease({ client: proofReader, store, cluster: () => clusterIdentity(clusterTokenFile), renewMs: config.leaseRenewMs, budgetMs, log });
    this.usage = new UsageScan({
      reader: new S3Client({ ...shared, limit: new RequestLimit(scanRequests) }),
      expected: () => [...storeId === void 0 ? [] : [storeMarkerKey], ...this.lease?.isOurs === true ? [storeLeaseKey] : []],
      busy: () => this.limit.inFlight > 0,
      log,
      intervalMs: config.scanIntervalMs
    });
  }
  /** What the question of a client about a PVC is answered from. */
  sourcesFor(client, { namespace: namespace2 }) {
    const store = this.reader.within(this.limit.lane({ client, namespace: namespace2 }));
    return { store, anew: store.anew(), proof: this.proof, agreement: this.agreement };
  }
  /** @param probing look whether all connections lead to one store also while nobody asks */
  start(probing) {
    this.lease?.start();
    this.watch.start();
    this.usage.start();
    if (probing) this.agreement.start();
  }
  /** What the old credentials showed has to be vouched for anew. */
  reset() {
    this.proof.invalidate();
    this.agreement.reset();
    this.lease?.nudge();
  }
  stop() {
    this.lease?.stop();
    this.watch.stop();
    this.usage.stop();
    this.agreement.stop();
    this.transport.close();
    this.previous.close();
  }
};

// pvc-plumber/warm-up.ts
var longestMs2 = 3e5;
var retryMs4 = 5e3;
var WarmUp = class {
  constructor(options) {
    this.options = options;
  }
  options;
  running = false;
  succeeded = false;
  dueAt = 0;
  complaint = "";
  deadline;
  timer;
  /** Lists now, and again and again until it succeeds. */
  start() {
    this.nudge();
    this.timer = setInterval(() => {
      if (!this.succeeded) this.nudge();
    }, retryMs4);
    this.timer.unref();
  }
  /** Starts a listing unless there is one that is recent enough. Costs nothing otherwise: it is called with every question. */
  nudge() {
    if (this.running || performance.now() < this.dueAt) return;
    this.running = true;
    void this.list();
  }
  /** The credentials changed: what was listed with the old ones is worth nothing. */
  reset() {
    this.dueAt = 0;
    this.succeeded = false;
  }
  stop() {
    this.dueAt = Number.POSITIVE_INFINITY;
    clearInterval(this.timer);
    this.deadline?.abort();
  }
  async list() {
    const { reader, cache, log, ttlMs } = this.options;
    const deadline = Deadline.in(longestMs2, "the bucket listing");
    this.deadline = deadline;
    const started = performance.now();
    let backups = 0;
    try {
      const pages = await scanBucket(
        reader,
        (pvc) => {
          backups += 1;
          cache.remember(pvc, ttlMs, 2, "a kopia repository with data, seen in the listing of the bucket");
        },
        deadline.signal
      );
      this.succeeded = true;
      this.complaint = "";
      this.dueAt = Math.max(this.dueAt, performance.now() + ttlMs / 2);
      log.info("the bucket was listed", { backups, pages, seconds: Math.round(performance.now() - started) / 1e3 });
    } catch (error) {
      this.dueAt = Math.max(this.dueAt, performance.now() + retryMs4);
      const reason = error.message;
      if (reason !== this.complaint) log.warn("the bucket could not be listed ahead; each question is looked up by itself", { reason, backups });
      this.complaint = reason;
    } finally {
      deadline.clear();
      this.running = false;
    }
  }
};

// pvc-plumber/plumber.ts
var leaseWaitMs = 300;
var Plumber = class {
  constructor(config, log) {
    this.config = config;
    this.log = log;
    this.metrics = new Metrics({
      s3InFlight: () => this.store.limit.inFlight,
      s3Queued: () => this.store.limit.queued,
      remembered: () => this.cache.size,
      storeReachable: () => this.store.watch.reachable,
      storeAgrees: () => this.store.agreement.agreed,
      storeIsOurs: () => this.store.lease?.isOurs,
      lastScan: () => this.store.usage.last
    });
    this.cache = new BackupCache(config.cacheTtlMs);
    this.buffer = new MetricsBuffer(this.metrics, log);
    this.store = new OpenStore(
      config,
      log,
      (...seen) => this.metrics.s3(...seen),
      () => this.onNewCredentials()
    );
    this.warmUp = config.warmUp ? new WarmUp({ reader: this.store.reader, cache: this.cache, log, ttlMs: config.warmTtlMs }) : void 0;
  }
  config;
  log;
  metrics;
  cache;
  lookups = new Lookups();
  renewal;
  store;
  warmUp;
  buffer;
  start() {
    if (this.config.storeId === void 0)
      this.log.warn('no STORE_ID: a wrong or emptied bucket can not be told from one without backups; see "identify"');
    if (this.config.clusterTokenFile === void 0) this.log.warn("no CLUSTER_TOKEN_FILE: another cluster may use the same store unnoticed");
    this.store.start(this.config.warmUp);
    this.warmUp?.start();
  }
  stop() {
    this.warmUp?.stop();
    this.store.stop();
    this.buffer.flush();
  }
  /**
   * Never fails: what went wrong is an `unknown` with its reason. A backup that is remembered is answered in the same turn of the event loop, which
   * is what a burst consists of.
   *
   * @param client who asks; of several, none waits for the questions of another one
   * @param waited for the first look at the lease
   */
  answer(pvc, client, waited = false) {
    const started = performance.now();
    const first = this.store.lease?.firstLook;
    if (first !== void 0 && !waited) return this.afterLease(first, pvc, client);
    try {
      this.store.credentials.read();
      this.store.lease?.check();
      this.store.agreement.nudge();
      this.warmUp?.nudge();
      const known = this.cache.recall(pvc);
      if (known?.isYoung === true && this.store.proof.isRecent())
        return this.finish(proven(pvc, { decision: "restore", ...known }), "memory", started);
      return this.ask(pvc, client, known, started);
    } catch (error) {
      return this.finish(unknown(pvc, this.explain(error)), "none", started);
    }
  }
  /** The answer that has to wait for S3. @param known what is remembered, but wants to be vouched for */
  async ask(pvc, client, known, started) {
    const lookup = this.lookups.of(pvc);
    const source = known !== void 0 ? "memory" : lookup === void 0 ? "lookup" : "shared";
    try {
      if (known?.isYoung === true) {
        await this.renewProof();
        return this.finish(proven(pvc, { decision: "restore", ...known }), source, started);
      }
      return this.finish(proven(pvc, await (lookup ?? this.lookUp(pvc, client, known))), source, started);
    } catch (error) {
      return this.finish(unknown(pvc, this.explain(error)), source, started);
    }
  }
  /** The metrics with every answer that is out, in Prometheus' text format. @returns those of the service, and those of each PVC in the store */
  async scrape() {
    this.buffer.flush();
    return { own: await this.metrics.registry.metrics(), backups: this.store.usage.last?.text };
  }
  /** A Pod that has just started looks at the lease first. @param first that look */
  async afterLease(first, pvc, client) {
    await Promise.race([first, (0, import_promises.setTimeout)(leaseWaitMs)]);
    return this.answer(pvc, client, true);
  }
  finish(answer, source, started) {
    this.buffer.note(answer, source, performance.now() - started);
    return answer;
  }
  /** One renewal for all who wait for it, with one limit: that of the first one. */
  renewProof() {
    this.renewal ??= this.withDeadline((signal) => this.store.proof.recent(signal)).finally(() => this.renewal = void 0);
    return this.renewal;
  }
  /** @param known what is remembered: then only the repository's own object is asked for */
  lookUp(pvc, client, known) {
    return this.lookups.start(
      pvc,
      client,
      () => this.withDeadline(async (signal) => {
        const sources = this.store.sourcesFor(client, pvc);
        if (known !== void 0 && await isStillThere(pvc, sources, signal)) return { decision: "restore", ...known };
        const finding = await findEvidence(pvc, sources, signal);
        if (finding.decision === "fresh") await this.store.previous.haveNone(pvc, signal);
        return finding;
      }).then((finding) => {
        if (known !== void 0 && finding.decision === "restore") this.cache.confirm(pvc);
        else this.cache.learn(pvc, finding, this.config.cacheTtlMs);
        return finding;
      })
    );
  }
  async withDeadline(work) {
    const deadline = Deadline.in(lookupMsOf(this.config), this.config.endpoint);
    try {
      return await work(deadline.signal);
    } catch (error) {
      deadline.abort();
      throw error;
    } finally {
      deadline.clear();
    }
  }
  explain(error) {
    if (!(error instanceof S3Failure)) {
      this.log.error("a mistake in pvc-plumber", { stack: error instanceof Error ? error.stack : String(error) });
      return `an internal error (${error instanceof Error ? error.name : "unknown"}): see the log of pvc-plumber`;
    }
    if (error.kind === "address" || error.kind === "server") this.store.proof.invalidate();
    return error.message;
  }
  onNewCredentials() {
    this.cache.clear();
    this.warmUp?.reset();
    this.store.reset();
  }
};
function proven({ namespace: namespace2, name }, { decision, keyCount, reason }) {
  return { exists: decision === "restore", keyCount, decision, authoritative: true, namespace: namespace2, pvc: name, reason };
}
function unknown({ namespace: namespace2, name }, reason) {
  return { exists: false, keyCount: 0, decision: "unknown", authoritative: false, namespace: namespace2, pvc: name, reason, error: reason };
}

// pvc-plumber/http/listener.ts
var net = __toESM(require("node:net"));

// pvc-plumber/http/connection.ts
var import_node_http = require("node:http");

// pvc-plumber/http/request.ts
var maxRequestBytes = 8192;
var requestLine = /^([A-Z]{1,16}) ([\x21-\x7e]+) HTTP\/1\.([01])$/;
var headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)$/;
var endOfHead = Buffer.from("\r\n\r\n");
function parseRequest(bytes) {
  const end = bytes.subarray(0, maxRequestBytes).indexOf(endOfHead);
  if (end < 0) return bytes.length >= maxRequestBytes ? { status: 431 } : void 0;
  const [first = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const [, method, target, minor] = requestLine.exec(first) ?? [];
  if (method === void 0 || target === void 0) return { status: 400 };
  let keepAlive = minor === "1";
  let hosts = 0;
  let hasBody = false;
  for (const line of lines) {
    const [, name, value] = headerLine.exec(line) ?? [];
    if (name === void 0 || value === void 0) return { status: 400 };
    switch (name.toLowerCase()) {
      case "host":
        hosts += 1;
        break;
      case "connection":
        if (/(^|,)[ \t]*close[ \t]*(,|$)/i.test(value)) keepAlive = false;
        break;
      case "content-length":
        hasBody ||= value.trim() !== "0";
        break;
      case "transfer-encoding":
        hasBody = true;
        break;
      default:
    }
  }
  if (hosts > 1 || minor === "1" && hosts === 0) return { status: 400 };
  return { method, target, keepAlive, hasBody, length: end + endOfHead.length };
}

// pvc-plumber/http/connection.ts
var requestMs = 5e3;
var readMs = 1e4;
var lingerMs = 1e3;
var idleMs = 12e4;
var nothing = Buffer.alloc(0);
var Connection = class {
  constructor(socket, options) {
    this.socket = socket;
    this.options = options;
    this.client = socket.remoteAddress ?? "";
    socket.setNoDelay(true);
    socket.on("close", () => this.ended());
    socket.on("data", (chunk) => this.receive(chunk));
    socket.on("end", () => {
      this.halfClosed = true;
      if (this.state === "listening") this.socket.end();
    });
  }
  socket;
  options;
  client;
  /** When the client last sent a request, or took an answer. In milliseconds of `performance.now()`. */
  active = performance.now();
  ahead = nothing;
  state = "listening";
  since = this.active;
  halfClosed = false;
  asked = false;
  done;
  /** Nobody waits for an answer. */
  get idle() {
    return this.state === "listening";
  }
  /** How much its client would lose with it: nothing was ever asked, nothing is asked now, an answer. */
  get worth() {
    return this.idle ? this.asked ? 1 : 0 : 2;
  }
  /** Breaks the connection when the client takes too long with something. */
  sweep(now) {
    const limit = { listening: this.ahead.length === 0 ? idleMs : requestMs, answering: Infinity, writing: readMs, ending: lingerMs }[this.state];
    if (now - this.since > limit) this.break();
  }
  break() {
    this.socket.destroy();
  }
  receive(chunk) {
    if (this.state === "ending") return;
    if (this.state === "listening" && this.ahead.length === 0) {
      this.since = performance.now();
      this.read(chunk);
      return;
    }
    if (this.ahead.length + chunk.length > maxRequestBytes) {
      if (this.state === "listening") this.read(Buffer.concat([this.ahead, chunk]));
      else this.break();
      return;
    }
    this.ahead = Buffer.concat([this.ahead, chunk]);
    if (this.state === "listening") this.read(this.ahead);
  }
  /** Takes one request from what came; the rest waits until its answer is out. */
  read(bytes) {
    const request4 = parseRequest(bytes);
    if (request4 === void 0) {
      this.ahead = bytes === this.ahead ? bytes : Buffer.from(bytes);
      if (this.halfClosed) this.socket.end();
      return;
    }
    if (!("method" in request4)) {
      this.send({ status: request4.status, type: "application/json", body: '{"error":"not understood"}' }, void 0);
      return;
    }
    const rest = bytes.length - request4.length;
    if (rest > maxRequestBytes) {
      this.break();
      return;
    }
    this.ahead = rest === 0 ? nothing : Buffer.from(bytes.subarray(request4.length));
    this.state = "answering";
    this.asked = true;
    this.active = performance.now();
    try {
      const reply2 = this.options.handle(request4, this.client);
      const post = (each) => this.options.post(() => this.send(each, request4));
      if (reply2 instanceof Promise) reply2.then(post).catch(() => this.break());
      else post(reply2);
    } catch {
      this.break();
    }
  }
  /** @param request undefined when it was not understood */
  send({ status, type, body, tail = nothing, done, headers = "" }, request4) {
    this.done = done;
    if (this.socket.destroyed) {
      this.ended();
      return;
    }
    const last = request4 === void 0 || !request4.keepAlive || request4.hasBody || this.halfClosed || this.options.draining();
    const length = Buffer.byteLength(body) + tail.length;
    const head = `HTTP/1.1 ${status} ${import_node_http.STATUS_CODES[status] ?? ""}\r
content-type: ${type}\r
content-length: ${length}\r
cache-control: no-store\r
date: ${date()}\r
${headers}${last ? "connection: close\r\n" : ""}\r
`;
    this.state = last ? "ending" : "writing";
    this.since = performance.now();
    const shown2 = request4?.method === "HEAD" ? "" : body;
    if (last) this.ahead = nothing;
    const written = () => this.written();
    if (typeof shown2 === "string") {
      this.socket.write(head + shown2, written);
    } else {
      this.socket.cork();
      this.socket.write(head);
      if (tail.length > 0) this.socket.write(shown2);
      this.socket.write(tail.length > 0 ? tail : shown2, written);
      this.socket.uncork();
    }
  }
  /** The answer is out, or will never be. */
  ended() {
    this.done?.();
    this.done = void 0;
  }
  written() {
    this.ended();
    if (this.socket.destroyed) return;
    this.since = this.active = performance.now();
    if (this.state === "ending") {
      this.socket.end();
      return;
    }
    this.state = "listening";
    if (this.ahead.length > 0) this.read(this.ahead);
    else if (this.halfClosed) this.socket.end();
  }
};
var dateText = "";
var dateUntil = 0;
function date() {
  const now = Date.now();
  if (now >= dateUntil) {
    dateText = new Date(now).toUTCString();
    dateUntil = now + 1e3;
  }
  return dateText;
}

// pvc-plumber/http/listener.ts
var sweepMs = 1e3;
var Listener = class {
  /** @param limit most connections at once */
  constructor(handle, limit) {
    this.limit = limit;
    const options = { handle, post: (send) => this.post(send), draining: () => this.draining };
    this.server = net.createServer({ allowHalfOpen: true }, (socket) => this.accept(socket, new Connection(socket, options)));
  }
  limit;
  server;
  connections = /* @__PURE__ */ new Map();
  count = 0;
  draining = false;
  closing = false;
  outbox = [];
  timer;
  /** @returns the port it listens on @throws when the port is taken */
  listen(port) {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen({ port, backlog: 4096 }, () => {
        const address = this.server.address();
        this.timer = setInterval(() => this.sweep(), sweepMs).unref();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  }
  /** From now on each connection ends with its next answer. */
  drain() {
    this.draining = true;
  }
  /** Resolves when the last answer is out. @param patienceMs then connections are broken, in milliseconds */
  close(patienceMs2) {
    this.draining = this.closing = true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.each((connection) => connection.break()), patienceMs2);
      this.server.close(() => {
        clearTimeout(timer);
        clearInterval(this.timer);
        resolve();
      });
      this.each((connection) => {
        if (connection.idle) connection.break();
      });
    });
  }
  accept(socket, connection) {
    if (this.count >= this.limit) this.makeRoom();
    const { client } = connection;
    const all = this.connections.get(client) ?? /* @__PURE__ */ new Set();
    this.connections.set(client, all.add(connection));
    this.count += 1;
    socket.on("error", () => void 0);
    socket.on("close", () => this.forget(connection));
    if (this.closing) connection.break();
  }
  /** Who has most connections loses the one that is worth least, and was quiet for longest: the new one may be the question that matters. */
  makeRoom() {
    let most2 = /* @__PURE__ */ new Set();
    for (const all of this.connections.values()) if (all.size > most2.size) most2 = all;
    let quietest;
    for (const each of most2) {
      if (quietest === void 0 || each.worth < quietest.worth || each.worth === quietest.worth && each.active < quietest.active) quietest = each;
    }
    if (quietest === void 0) return;
    this.forget(quietest);
    quietest.break();
  }
  forget(connection) {
    const all = this.connections.get(connection.client);
    if (all?.delete(connection) !== true) return;
    this.count -= 1;
    if (all.size === 0) this.connections.delete(connection.client);
  }
  sweep() {
    const now = performance.now();
    this.each((connection) => connection.sweep(now));
  }
  each(act) {
    for (const all of this.connections.values()) for (const connection of all) act(connection);
  }
  /**
   * Responses of one turn of the event loop are flushed together: waking the client for each response costs as much as computing it.
   */
  post(send) {
    if (this.outbox.length === 0) setImmediate(() => this.outbox.splice(0).forEach((each) => each()));
    this.outbox.push(send);
  }
};

// pvc-plumber/server.ts
var json = "application/json";
var scrapeMs = 200;
var mostScrapes = { all: 16, client: 2 };
var Server = class {
  /** @param maxConnections most clients' connections at once */
  constructor(plumber2, maxConnections) {
    this.plumber = plumber2;
    this.listener = new Listener((request4, client) => this.handle(request4, client), maxConnections);
  }
  plumber;
  listener;
  draining = false;
  scrape;
  /** How many scrapes of each client are being written. */
  scrapes = /* @__PURE__ */ new Map();
  /** @returns the port it listens on @throws when the port is taken */
  listen(port) {
    return this.listener.listen(port);
  }
  /** Says "not ready" from now on, so that the Service sends no more questions; those that still come are answered. */
  drain() {
    this.draining = true;
    this.listener.drain();
  }
  /** Resolves when the last answer is out. @param patienceMs then connections are broken, in milliseconds */
  close(patienceMs2) {
    return this.listener.close(patienceMs2);
  }
  handle({ method, target }, client) {
    const path = pathOf(target);
    const route = routeOf(path);
    const counted = (reply3) => {
      this.plumber.metrics.request(route, reply3.status);
      return reply3;
    };
    const explain = target.slice(path.length) === `?${explainQuery}`;
    const reply2 = method === "GET" ? this.replyTo(route, path, client, explain) : { ...plain(405, "only GET is answered"), headers: "allow: GET\r\n" };
    return reply2 instanceof Promise ? reply2.then(counted) : counted(reply2);
  }
  replyTo(route, path, client, explain) {
    switch (route) {
      case "exists":
        return this.exists(path, client, explain);
      case "healthz":
        return plain(200, "ok");
      case "readyz":
        return this.draining ? plain(503, "shutting down") : plain(200, "ok");
      case "metrics":
        return this.metrics(client);
      case "other":
        return plain(404, "try /exists/{namespace}/{pvc}, /healthz, /readyz or /metrics");
    }
  }
  /** One text for all who ask while it is made or just was: it costs as much as a hundred answers. */
  metrics(client) {
    const { registry } = this.plumber.metrics;
    const all = [...this.scrapes.values()].reduce((sum, each) => sum + each, 0);
    const own2 = this.scrapes.get(client) ?? 0;
    if (all >= mostScrapes.all || own2 >= mostScrapes.client) return plain(503, "too many scrapes at the same moment: ask again");
    this.scrapes.set(client, own2 + 1);
    const done = () => {
      const left = (this.scrapes.get(client) ?? 1) - 1;
      if (left > 0) this.scrapes.set(client, left);
      else this.scrapes.delete(client);
    };
    this.scrape ??= this.plumber.scrape().then(({ own: text, backups }) => ({
      status: 200,
      body: Buffer.from(text),
      type: registry.contentType,
      ...backups === void 0 ? {} : { tail: backups }
    })).finally(() => void setTimeout(() => this.scrape = void 0, scrapeMs).unref());
    return this.scrape.then(
      (reply2) => ({ ...reply2, done }),
      (error) => {
        done();
        throw error;
      }
    );
  }
  /** @param explain for a caller that reads no body but that of a success, as Kyverno does */
  exists(path, client, explain) {
    const question = parseQuestion(path);
    if ("problem" in question) return { status: 400, type: json, body: JSON.stringify(unknown(question, question.problem)) };
    const answer = this.plumber.answer(question, client);
    const reply2 = (given) => replyOf(given, explain);
    return answer instanceof Promise ? answer.then(reply2) : reply2(answer);
  }
};
function replyOf(answer, explain) {
  return { status: explain ? 200 : statusOf(answer), type: json, body: JSON.stringify(answer) };
}
function statusOf({ authoritative }) {
  return authoritative ? 200 : 503;
}
function pathOf(url) {
  const end = url.indexOf("?");
  return end < 0 ? url : url.slice(0, end);
}
function routeOf(path) {
  if (path === "/exists" || path.startsWith("/exists/")) return "exists";
  if (path === "/healthz" || path === "/readyz" || path === "/metrics") return path.slice(1);
  return "other";
}
function parseQuestion(path) {
  const [namespace2 = "", name = "", ...rest] = path.split("/").slice(2);
  const shown2 = { namespace: namespace2.slice(0, 63), name: name.slice(0, 253) };
  if (rest.length > 0) return { ...shown2, problem: "ask for /exists/{namespace}/{pvc} and nothing behind it" };
  if (!isDnsLabel(namespace2)) return { ...shown2, problem: "that is not a valid namespace name: 1 to 63 lower-case letters, digits and dashes" };
  if (!isDnsSubdomain(name)) return { ...shown2, problem: "that is not a valid PVC name: 1 to 253 lower-case letters, digits, dashes and dots" };
  return { namespace: namespace2, name };
}
function plain(status, message) {
  return { status, type: json, body: JSON.stringify(status < 400 ? { status: message } : { error: message }) };
}

// pvc-plumber/serve.ts
async function serve(config, log = new Log(config.logLevel)) {
  const plumber2 = new Plumber(config, log);
  const server = new Server(plumber2, config.maxConnections);
  const port = await server.listen(config.port);
  const { endpoint, bucket, budgetMs } = config;
  log.info("listening", { port, endpoint, bucket, budgetMs, storeIdSet: config.storeId !== void 0 });
  plumber2.start();
  if (config.warmUp) void warmJit(port, log);
  return {
    port,
    stop: async (drainMs) => {
      server.drain();
      await (0, import_promises2.setTimeout)(drainMs);
      await server.close(config.budgetMs + 500);
      plumber2.stop();
    }
  };
}
async function serveUntilSignal(config) {
  const log = new Log(config.logLevel);
  const service = await serve(config, log);
  let stopping = false;
  const stop = (signal) => {
    if (stopping) return;
    stopping = true;
    log.info("stopping", { signal });
    void service.stop(config.drainMs).then(() => {
      log.info("stopped");
      log.flush();
      process.exit(0);
    });
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

// pvc-plumber/main.ts
async function run(command, env) {
  if (command === void 0) {
    await serveUntilSignal(readConfig(env));
  } else if (command === "identify") {
    const storeId = await identify(readConfig(env));
    console.log(`The store has an identity now. Put this line into the s3 block of main.ts:
  ${siteLine(storeId)}`);
  } else if (command === "takeover") {
    const before2 = await takeOver(readConfig(env));
    console.log(
      before2 === void 0 ? "Nobody held the lease of the store; this cluster holds it now." : `The lease of the store was held by ${before2}; this cluster holds it now.`
    );
  } else if (command === "repair") {
    repairUntilSignal(env);
  } else if (command === "--help" || command === "-h") {
    console.log(help());
  } else {
    throw new Error(`"${command}" is not a command: leave it out to serve, or say "identify", "takeover", "repair" or "--help"`);
  }
}
function reportFailure(error) {
  const lines = error instanceof ConfigError ? error.problems : [error instanceof Error ? error.message : String(error)];
  for (const line of lines) console.error(`pvc-plumber: ${line}`);
  process.exitCode = 1;
}
if (require.main === module) run(process.argv[2], process.env).catch(reportFailure);
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  reportFailure,
  run
});
