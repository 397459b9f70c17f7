/** The administrator's configuration: config repositories, agents with their report secrets, and permissions. */
package io.jenkins.plugins.gitops.config;
