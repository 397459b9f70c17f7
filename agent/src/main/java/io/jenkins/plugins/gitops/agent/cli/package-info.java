/** The command line: data on stdout, progress and errors on stderr; 0 done, 1 refused or failed, 2 wrong usage. */
package io.jenkins.plugins.gitops.agent.cli;
