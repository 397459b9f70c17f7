package io.jenkins.plugins.gitops.core.git;

/**
 * One commit that is asked for.
 *
 * @param operationId the same operation never commits twice; equals the {@link Trailers#OPERATION} trailer of its plans
 */
public record Change(String operationId, Author author, ChangePlanner planner) {}
