/** The report of an agent: its wire format, signature, verification and values. */
package io.jenkins.plugins.gitops.core.report;
