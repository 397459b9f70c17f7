package io.jenkins.plugins.gitops.core.render;

import java.util.List;
import java.util.Map;

/**
 * What a folder renders to.
 *
 * @param manifests in kustomize's order; plain values: String, Integer, Long, BigInteger, Double, Boolean, null, and
 *     lists
 *     and maps of them, the keys of maps sorted
 * @param warnings one sentence each, with its place; empty when there is nothing to mend
 */
public record RenderResult(List<Map<String, Object>> manifests, List<String> warnings) {}
