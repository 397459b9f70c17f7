/** What an agent says about a cluster, on the wire and as values, and the decision whether a change is live. */
package io.jenkins.plugins.gitops.core.sync;
