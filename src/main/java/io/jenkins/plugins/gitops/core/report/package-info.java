/** The report of an agent: its wire format, its signature, and its verification; what it says as values. */
package io.jenkins.plugins.gitops.core.report;
