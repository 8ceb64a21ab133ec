// One pass over a document in the order of graphql-js, so that errors come in its order.
#pragma once

#include "graphql/rules/context.h"
#include "graphql/rules/visits.h"

namespace strongroom::graphql::rules {

std::string_view DirectiveLocationOf(OperationKind kind);
std::string_view DirectiveLocationOf(const SystemDefinition& definition);

// A visitor has Enter and Leave for every node of visits.h, for Document, the three kinds of
// definition, VariableDefinition, FieldDefinition, InputValueDefinition and EnumValueDefinition;
// and Stopped(), which ends the walk early. Recursion is as deep as the parser's nesting limit.
template <typename Visitor>
class Walker {
 public:
  Walker(Context& context, Visitor& visitor) : context_(context), visitor_(visitor) {}

  void Walk(const Document& document) {
    visitor_.Enter(document);
    for (const Definition& definition : document.definitions()) {
      if (visitor_.Stopped()) return;
      if (definition.operation != nullptr) Walk(*definition.operation);
      if (definition.fragment != nullptr) Walk(*definition.fragment);
      if (definition.system != nullptr) Walk(*definition.system);
    }
    visitor_.Leave(document);
  }

  void Walk(const OperationDefinition& operation) {
    visitor_.Enter(operation);
    for (const VariableDefinition& variable : operation.variables) Walk(variable);
    Walk(operation.directives, DirectiveLocationOf(operation.kind), nullptr);
    Walk(*operation.selection_set, context_.schema().Root(operation.kind), nullptr, false);
    visitor_.Leave(operation);
  }

  void Walk(const FragmentDefinition& fragment) {
    visitor_.Enter(fragment);
    WalkName(fragment.type_condition, false);
    Walk(fragment.directives, "FRAGMENT_DEFINITION", nullptr);
    const NamedType* type = context_.schema().FindType(fragment.type_condition.text);
    Walk(*fragment.selection_set, type, nullptr, false);
    visitor_.Leave(fragment);
  }

  void Walk(const SystemDefinition& definition) {
    visitor_.Enter(definition);
    const bool is_directive = definition.kind == SystemDefinition::Kind::kDirective;
    const bool is_input = definition.kind == SystemDefinition::Kind::kInput;
    // graphql-js names the fields of an extension of an input object arguments.
    const std::string_view input_location =
        is_input && !definition.extension ? "INPUT_FIELD_DEFINITION" : "ARGUMENT_DEFINITION";
    if (is_directive) Walk(definition.inputs, input_location);
    for (const Name& name : definition.interfaces) WalkName(name, true);
    Walk(definition.directives, DirectiveLocationOf(definition), nullptr);
    for (const FieldDefinition& field : definition.fields) {
      visitor_.Enter(field);
      Walk(field.arguments, "ARGUMENT_DEFINITION");
      WalkName(Innermost(*field.type), true);
      Walk(field.directives, "FIELD_DEFINITION", nullptr);
    }
    if (is_input) Walk(definition.inputs, input_location);
    for (const EnumValueDefinition& value : definition.values) {
      visitor_.Enter(value);
      Walk(value.directives, "ENUM_VALUE", nullptr);
    }
    if (definition.kind == SystemDefinition::Kind::kUnion) {
      for (const Name& name : definition.names) WalkName(name, true);
    }
    for (const RootOperation& root : definition.roots) WalkName(root.type, true);
  }

 private:
  void WalkName(const Name& name, bool in_type_system) {
    visitor_.Enter(TypeNameVisit{name, in_type_system});
  }

  void Walk(const VariableDefinition& variable) {
    visitor_.Enter(variable);
    WalkName(Innermost(*variable.type), false);
    if (variable.default_value != nullptr) {
      const Type* type = context_.Resolve(*variable.type);
      Walk(*variable.default_value, type != nullptr && type->named->IsInput() ? type : nullptr,
           false);
    }
    Walk(variable.directives, "VARIABLE_DEFINITION", nullptr);
  }

  void Walk(std::span<const InputValueDefinition> inputs, std::string_view location) {
    for (const InputValueDefinition& input : inputs) {
      visitor_.Enter(input);
      WalkName(Innermost(*input.type), true);
      if (input.default_value != nullptr) Walk(*input.default_value, nullptr, false);
      Walk(input.directives, location, nullptr);
    }
  }

  // `type` is what the selection set is on, `around` the field it stands in.
  void Walk(const SelectionSet& set, const NamedType* type, const FieldType* around,
            bool of_inline_fragment) {
    const NamedType* parent = type != nullptr && type->IsComposite() ? type : nullptr;
    visitor_.Enter(SelectionSetVisit{set, parent, of_inline_fragment});
    for (const Selection& selection : set.selections) {
      if (visitor_.Stopped()) return;
      switch (selection.kind) {
        case Selection::Kind::kField: WalkField(selection, parent); break;
        case Selection::Kind::kSpread:
          visitor_.Enter(SpreadVisit{selection, parent});
          Walk(selection.directives, "FRAGMENT_SPREAD", around);
          break;
        case Selection::Kind::kInline: WalkInlineFragment(selection, type, parent, around); break;
      }
    }
  }

  void WalkField(const Selection& node, const NamedType* parent) {
    const FieldType* field =
        parent == nullptr ? nullptr : context_.schema().FindField(*parent, node.name.text);
    const FieldVisit visit{node, parent, field};
    visitor_.Enter(visit);
    for (const Argument& argument : node.arguments) {
      const InputField* definition =
          field == nullptr ? nullptr : field->FindArgument(argument.name.text);
      visitor_.Enter(ArgumentVisit{argument, parent, field, definition});
      WalkArgumentValue(argument, definition);
    }
    Walk(node.directives, "FIELD", field);
    if (node.selection_set != nullptr) {
      Walk(*node.selection_set, field == nullptr ? nullptr : field->type->named, field, false);
    }
    visitor_.Leave(visit);
  }

  void WalkInlineFragment(const Selection& node, const NamedType* around_type,
                          const NamedType* parent, const FieldType* around) {
    const NamedType* type = around_type;
    if (!node.type_condition.empty()) {
      type = context_.schema().FindType(node.type_condition.text);
    }
    visitor_.Enter(InlineFragmentVisit{node, parent, type});
    if (!node.type_condition.empty()) WalkName(node.type_condition, false);
    Walk(node.directives, "INLINE_FRAGMENT", around);
    Walk(*node.selection_set, type, around, true);
  }

  void Walk(std::span<const Directive> directives, std::string_view location,
            const FieldType* around) {
    for (const Directive& directive : directives) {
      const DirectiveType* type = context_.schema().FindDirective(directive.name.text);
      const DirectiveVisit visit{directive, type, location};
      visitor_.Enter(visit);
      for (const Argument& argument : directive.arguments) {
        // graphql-js reads the arguments of an unknown directive as those of the field around it.
        const InputField* definition = nullptr;
        if (type != nullptr) {
          definition = type->FindArgument(argument.name.text);
        } else if (around != nullptr) {
          definition = around->FindArgument(argument.name.text);
        }
        WalkArgumentValue(argument, definition);
      }
      visitor_.Leave(visit);
    }
  }

  void WalkArgumentValue(const Argument& argument, const InputField* definition) {
    Walk(*argument.value, definition == nullptr ? nullptr : definition->type,
         definition != nullptr && definition->default_value != nullptr);
  }

  void Walk(const Value& value, const Type* type, bool has_default) {
    const ValueVisit visit{value, type, has_default};
    visitor_.Enter(visit);
    if (value.kind == Value::Kind::kList) {
      const Type* list = type == nullptr ? nullptr : type->Nullable();
      const Type* item = list != nullptr && list->IsList() ? list->inner : list;
      for (const Value* element : value.items) Walk(*element, item, false);
    }
    if (value.kind == Value::Kind::kObject) WalkObject(value, type);
    visitor_.Leave(visit);
  }

  void WalkObject(const Value& value, const Type* type) {
    for (const ObjectField& field : value.fields) {
      const InputField* definition = nullptr;
      if (type != nullptr && type->named->kind == TypeKind::kInputObject) {
        definition = type->named->FindInputField(field.name.text);
      }
      const Type* field_type = definition == nullptr ? nullptr : definition->type;
      visitor_.Enter(ObjectFieldVisit{field, type, field_type});
      Walk(*field.value, field_type, definition != nullptr && definition->default_value != nullptr);
    }
  }

  Context& context_;
  Visitor& visitor_;
};

}  // namespace strongroom::graphql::rules
