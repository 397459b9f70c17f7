/** Plain JSON values: maps with text keys, lists, texts, numbers, booleans and null. */
package io.jenkins.plugins.gitops.agent.json;
