/** Express 4 stands beside Express 5 under another name, and has no types under that. */
declare module "express4" {
  import express = require("express");
  export = express;
}
