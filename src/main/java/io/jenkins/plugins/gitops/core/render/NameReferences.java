package io.jenkins.plugins.gitops.core.render;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.render.FieldSpecs.NameReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Mends, in all resources, the names of resources that were given another one. */
final class NameReferences {
    private final List<Resource> resources;
    private final Map<String, List<Resource>> byPreviousName = new HashMap<>();

    private NameReferences(List<Resource> resources) {
        this.resources = resources;
        for (Resource resource : resources) {
            Set<String> names = new LinkedHashSet<>();
            resource.previousIds().forEach(id -> names.add(id.name()));
            names.forEach(name -> byPreviousName
                    .computeIfAbsent(name, any -> new ArrayList<>(1))
                    .add(resource));
        }
    }

    static void mend(ResourceList list) throws RefusedException {
        NameReferences references = new NameReferences(list.resources());
        for (Resource resource : list.resources()) {
            references.new Referrer(resource).mend();
        }
    }

    /** One resource and what it may refer to. */
    private final class Referrer {
        private final Resource resource;
        private final ResId id;
        private final Set<String> subjectNamespaces;
        private NameReference reference;

        Referrer(Resource resource) throws RefusedException {
            this.resource = resource;
            this.id = resource.id();
            this.subjectNamespaces = subjectNamespaces(resource);
        }

        void mend() throws RefusedException {
            Gvk original = resource.originalId().gvk();
            for (NameReference candidate : FieldSpecs.NAME_REFERENCES) {
                if (candidate.field().gvk().selects(original)) {
                    reference = candidate;
                    FieldPath.visit(candidate.field(), resource.root(), resource.location(), this::mend);
                }
            }
        }

        private void mend(Node node) throws RefusedException {
            if (node.isNull()) {
                return;
            }
            switch (node.kind()) {
                case SCALAR -> mendScalar(node);
                case MAP -> mendMap(node);
                case LIST -> {
                    for (Node item : node.items()) {
                        if (item.isScalar() && !item.isNull()) {
                            mendScalar(item);
                        } else if (item.isMap()) {
                            mendMap(item);
                        } else if (item.isList()) {
                            throw refuse(item, "a reference must be a string or a map");
                        }
                    }
                }
            }
        }

        private void mendScalar(Node node) throws RefusedException {
            Resource target = select(node.text(), node, any -> true, false);
            if (target != null && !target.name().equals(node.text())) {
                node.assign(Node.untagged(target.name()));
            }
        }

        /** Name and namespace belong together. */
        private void mendMap(Node map) throws RefusedException {
            Node name = map.get("name");
            if (name == null) {
                throw refuse(map, "the reference has no name");
            }
            Resource target = select(name.text(), map, inNamespaceOf(map), true);
            if (target == null
                    || target.name().equals(name.text()) && target.namespace().isEmpty()) {
                return;
            }
            map.set("name", Node.untagged(target.name()));
            if (!target.namespace().isEmpty()) {
                map.set("namespace", Node.untagged(target.namespace()));
            }
        }

        private RefusedException refuse(Node node, String what) {
            return new RefusedException(node.location(resource.location()), what, "Mend the reference");
        }

        private Predicate<Resource> inNamespaceOf(Node map) {
            Node field = map.get("namespace");
            if (field == null) {
                return any -> true;
            }
            String namespace = field.text();
            boolean original = resources.stream()
                    .anyMatch(candidate -> isReachable(candidate) && isOriginallyIn(candidate, namespace));
            return original
                    ? candidate -> isOriginallyIn(candidate, namespace)
                    : candidate -> !candidate.id().clusterScoped()
                            && candidate.id().effectiveNamespace().equals(namespace);
        }

        private static boolean isOriginallyIn(Resource candidate, String namespace) {
            return candidate.originalId().effectiveNamespace().equals(namespace);
        }

        @CheckForNull
        private Resource select(String oldName, Node place, Predicate<Resource> inScope, boolean withNamespace)
                throws RefusedException {
            Gvk role = role();
            List<Resource> candidates = new ArrayList<>();
            for (Resource candidate : byPreviousName.getOrDefault(oldName, List.of())) {
                if (inScope.test(candidate)
                        && isReachable(candidate)
                        && hadType(candidate, reference.target())
                        && (role == null || hadType(candidate, role))
                        && isInSameNamespace(candidate)) {
                    candidates.add(candidate);
                }
            }
            if (candidates.size() == 1) {
                return candidates.get(0);
            }
            candidates.removeIf(candidate -> !sameAffixes(candidate, true));
            if (candidates.size() > 1) {
                candidates.removeIf(candidate -> !sameAffixes(candidate, false));
            }
            if (candidates.isEmpty()) {
                return null;
            }
            checkUnambiguous(candidates, oldName, place, withNamespace);
            return candidates.get(0);
        }

        private void checkUnambiguous(List<Resource> candidates, String oldName, Node place, boolean withNamespace)
                throws RefusedException {
            Set<String> targets = new HashSet<>();
            for (Resource candidate : candidates) {
                targets.add(candidate.name() + (withNamespace ? " " + candidate.namespace() : ""));
            }
            if (targets.size() > 1) {
                throw new RefusedException(
                        place.location(resource.location()),
                        oldName + " may refer to " + candidates.get(0) + " or to " + candidates.get(1),
                        "Give the two different names");
            }
        }

        /** The kind that a role binding asks for; null where any will do. */
        @CheckForNull
        private Gvk role() {
            if (!reference.field().path().endsWith("roleRef/name")) {
                return null;
            }
            Node roleRef = resource.root().get("roleRef");
            return roleRef == null || roleRef.get("apiGroup") == null || roleRef.get("kind") == null
                    ? null
                    : new Gvk(roleRef.textOf("apiGroup"), "", roleRef.textOf("kind"));
        }

        private boolean isReachable(Resource candidate) {
            ResId other = candidate.id();
            return id.clusterScoped()
                    || other.clusterScoped()
                    || other.sameNamespace(id)
                    || subjectNamespaces.contains(candidate.namespace());
        }

        private boolean isInSameNamespace(Resource candidate) {
            ResId other = candidate.id();
            return id.clusterScoped()
                    || other.clusterScoped()
                    || candidate.kind().equals("ServiceAccount")
                    || id.sameNamespace(other);
        }

        private boolean sameAffixes(Resource candidate, boolean orNone) {
            return sameEnd(candidate.namePrefixes(), resource.namePrefixes(), orNone)
                    && sameEnd(candidate.nameSuffixes(), resource.nameSuffixes(), orNone);
        }
    }

    private static boolean hadType(Resource candidate, Gvk selector) {
        return candidate.previousIds().stream().anyMatch(id -> selector.selects(id.gvk()));
    }

    /** Whether the shorter list is the end of the longer one. */
    private static boolean sameEnd(List<String> first, List<String> second, boolean orNone) {
        int length = Math.min(first.size(), second.size());
        if (length == 0) {
            return orNone || first.size() == second.size();
        }
        return first.subList(first.size() - length, first.size())
                .equals(second.subList(second.size() - length, second.size()));
    }

    /** A role binding may refer to service accounts of other namespaces. */
    private static Set<String> subjectNamespaces(Resource resource) throws RefusedException {
        Set<String> namespaces = new HashSet<>();
        Node subjects = resource.kind().equals("RoleBinding") ? resource.root().get("subjects") : null;
        if (subjects != null) {
            for (Node subject : subjects.items()) {
                Node namespace = subject.get("namespace");
                Node kind = subject.get("kind");
                if (namespace == null || kind == null) {
                    continue;
                }
                if (!(PlainValues.of(kind) instanceof String) || !(PlainValues.of(namespace) instanceof String)) {
                    throw new RefusedException(
                            subject.location(resource.location()),
                            "kind and namespace of a subject must be strings",
                            "Write them in quotes");
                }
                if (kind.text().equals("ServiceAccount")) {
                    namespaces.add(namespace.text());
                }
            }
        }
        return namespaces;
    }
}
