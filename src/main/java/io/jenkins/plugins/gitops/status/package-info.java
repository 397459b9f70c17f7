/** What is known at run time: clones of the config repositories, the newest reports of the agents, who waits for them. */
package io.jenkins.plugins.gitops.status;
